"""The tables of bid evaluation; importing this package registers them all."""

from evaluation.models import awards, draws, experts, fees, rooms, votes

__all__ = ["awards", "draws", "experts", "fees", "rooms", "votes"]
