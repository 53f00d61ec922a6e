"""DDEX messages: namespace-strict, streamed, driven by the element tables of ``schemas.ddex``."""
