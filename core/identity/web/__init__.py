"""Identity's pages and its part of the JSON API."""

from core.identity.web import (
    acts,
    anchors,
    certificates,
    clockwork,
    messages,
    pages,
    pages_anchors,
    pages_licence,
    pages_messages,
    pages_people,
    people,
    sessions,
)

BLUEPRINTS = (
    sessions.api,
    people.api,
    certificates.api,
    acts.api,
    clockwork.api,
    messages.api,
    anchors.api,
    pages.blueprint,
    pages_people.blueprint,
    pages_messages.blueprint,
    pages_licence.blueprint,
    pages_anchors.blueprint,
)
