"""Routes by noun; each declares who may call it and how it can fail."""
