"""Pages of deposits and their part of the JSON API."""

from deposits.web import deposits, dormant, letters, pages, pages_dormant, pages_dormant_ledgers, pages_dormant_public, passbooks, watch

BLUEPRINTS = (
    deposits.api,
    pages.blueprint,
    letters.blueprint,
    letters.api,
    passbooks.blueprint,
    watch.blueprint,
    dormant.api,
    pages_dormant.blueprint,
    pages_dormant_ledgers.blueprint,
    pages_dormant_public.blueprint,
)
