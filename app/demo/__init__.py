"""The demonstration: one whole tender played through the real server by separate processes with keys of their own."""
