"""Who is to be paid: the resolver of the design's section 5, from question to explained answer."""
