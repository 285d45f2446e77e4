"""The case played again from its signed statements alone: each topic recomputes what the platform said."""
