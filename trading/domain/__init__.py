"""The rules of trading: states, tables of moves, periods set by law, and what a signed body must say."""
