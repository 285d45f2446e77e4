"""Bid evaluation: experts, draw, sites, room, scores, award decision and supervision."""
