"""The pages of draw, room, award and supervision, and their part of the JSON API."""

from evaluation.web import awards, collusion, consents, draws, fees, methods, pages, pages_fees, pool, reviews, rooms, trials

BLUEPRINTS = (
    pool.api,
    consents.api,
    draws.api,
    rooms.api,
    reviews.api,
    awards.api,
    collusion.api,
    fees.api,
    pages.blueprint,
    reviews.blueprint,
    collusion.blueprint,
    pages_fees.blueprint,
    methods.blueprint,
    trials.blueprint,
)
