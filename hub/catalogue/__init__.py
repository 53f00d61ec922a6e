"""Works, recordings and parties as linked subjects, read as known at any instant."""
