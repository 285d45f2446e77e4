"""Pages of deposits and their part of the JSON API."""

from deposits.web import deposits, pages

BLUEPRINTS = (deposits.api, pages.blueprint)
