"""Trading's pages and its part of the JSON API."""

from trading.web import (
    bids,
    deposits,
    documents,
    follows,
    lots,
    notices,
    openings,
    pages_bids,
    pages_lots,
    pages_notices,
    pages_openings,
    pages_projects,
    projects,
)

BLUEPRINTS = (
    projects.api,
    lots.api,
    notices.api,
    documents.api,
    bids.api,
    deposits.api,
    openings.api,
    follows.api,
    follows.blueprint,
    pages_notices.blueprint,
    pages_lots.blueprint,
    pages_projects.blueprint,
    pages_bids.blueprint,
    pages_openings.blueprint,
    deposits.blueprint,
)
