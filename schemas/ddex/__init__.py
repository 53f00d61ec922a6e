"""DDEX facts as tables: families and versions by namespace, and which elements of a message are read."""
