"""Measurements of the running product beside its peers; each prints a table and writes `var/bench/<name>.json`."""
