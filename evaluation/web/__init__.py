"""The pages of draw, room, award and supervision, and their part of the JSON API."""

from evaluation.web import awards, collusion, draws, methods, pages, pool, rooms, trials

BLUEPRINTS = (
    pool.api,
    draws.api,
    rooms.api,
    awards.api,
    collusion.api,
    pages.blueprint,
    collusion.blueprint,
    methods.blueprint,
    trials.blueprint,
)
