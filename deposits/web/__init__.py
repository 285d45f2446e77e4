"""Pages of deposits and their part of the JSON API."""

from deposits.web import (
    deposits,
    dormant,
    guarantees,
    letters,
    pages,
    pages_dormant,
    pages_dormant_ledgers,
    pages_dormant_public,
    pages_guarantees,
    passbooks,
    watch,
)

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
    guarantees.api,
    pages_guarantees.blueprint,
)
