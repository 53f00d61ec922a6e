"""Who may do what: API keys of societies and what each may touch."""
