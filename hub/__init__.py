"""The Repertoire Hub: who holds which mandate, and so who must be paid."""

__version__ = "0.1.0"
