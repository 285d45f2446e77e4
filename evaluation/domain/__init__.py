"""The rules of evaluation and award: pure functions of their facts, and tables of moves."""
