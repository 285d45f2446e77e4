"""Pages of deposits and their part of the JSON API."""

from deposits.web import (
    batches,
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
    statement_files,
    suspense,
    watch,
)

BLUEPRINTS = (
    deposits.api,
    pages.blueprint,
    letters.blueprint,
    letters.api,
    passbooks.blueprint,
    watch.blueprint,
    batches.blueprint,
    batches.api,
    dormant.api,
    pages_dormant.blueprint,
    pages_dormant_ledgers.blueprint,
    pages_dormant_public.blueprint,
    guarantees.api,
    pages_guarantees.blueprint,
    suspense.api,
    suspense.blueprint,
    statement_files.api,
    statement_files.blueprint,
)
