"""The mandate register: listing, showing and withdrawing."""
