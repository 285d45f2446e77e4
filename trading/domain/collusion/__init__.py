"""Collusion signals (围标串标预警): what opened bids have in common that independent bidders rarely have; facts in, evidence cards out."""
