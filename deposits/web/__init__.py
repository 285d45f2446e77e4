"""Pages of deposits and their part of the JSON API."""

from deposits.web import deposits, letters, pages, passbooks, watch

BLUEPRINTS = (deposits.api, pages.blueprint, letters.blueprint, letters.api, passbooks.blueprint, watch.blueprint)
