"""The pages of draw, room, award and supervision, and their part of the JSON API."""

from evaluation.web import awards, draws, method_editor, methods, pages, pool, rooms

BLUEPRINTS = (pool.api, draws.api, rooms.api, awards.api, pages.blueprint, methods.blueprint, method_editor.blueprint)
