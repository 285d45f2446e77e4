"""Use cases of trading: each locks, looks, decides, changes and records, and never commits."""
