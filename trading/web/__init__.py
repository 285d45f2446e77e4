"""Trading's pages and its part of the JSON API."""

from trading.web import (
    amendments,
    bids,
    deposits,
    documents,
    lots,
    notices,
    openings,
    pages_bids,
    pages_documents,
    pages_preparing,
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
    amendments.api,
    bids.api,
    deposits.api,
    openings.api,
    pages_notices.blueprint,
    pages_lots.blueprint,
    pages_documents.blueprint,
    pages_preparing.blueprint,
    pages_projects.blueprint,
    pages_bids.blueprint,
    pages_openings.blueprint,
    deposits.blueprint,
)
