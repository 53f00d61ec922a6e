"""Answers filled in from dossiers: what is known under a name, put together before anybody asks.

A dossier is no fact and decides nothing. It tells a shape from others, and holds the texts that differ
between answers of one shape; what a shape comes to is decided by the rules of ``hub.answers``, once for
each shape, as known at an instant. A dossier that anything it hangs on has changed since is left aside.
"""
