"""The pages of draw, room, award and supervision, and their part of the JSON API."""

from evaluation.web import (
    awards,
    collusion,
    consents,
    desks,
    draws,
    fees,
    methods,
    pages,
    pages_fees,
    pool,
    reviews,
    rooms,
    trials,
    workstation,
)

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
    desks.api,
    workstation.blueprint,
    collusion.blueprint,
    pages_fees.blueprint,
    methods.blueprint,
    trials.blueprint,
)
