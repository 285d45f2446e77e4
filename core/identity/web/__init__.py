"""Identity's pages and its part of the JSON API."""

from core.identity.web import acts, certificates, clockwork, pages, pages_people, people, sessions

BLUEPRINTS = (sessions.api, people.api, certificates.api, acts.api, clockwork.api, pages.blueprint, pages_people.blueprint)
