"""Statements that cannot all hold: finding them, what the sides say, and how each is settled."""
