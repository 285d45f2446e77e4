"""The pages of draw, room, award and supervision, and their part of the JSON API."""

from evaluation.web import awards, collusion, consents, draws, methods, pages, pool, reviews, rooms, trials

BLUEPRINTS = (
    pool.api,
    consents.api,
    draws.api,
    rooms.api,
    reviews.api,
    awards.api,
    collusion.api,
    pages.blueprint,
    reviews.blueprint,
    collusion.blueprint,
    methods.blueprint,
    trials.blueprint,
)
