"""Where a matching run over everything is carried out; the plan and the functions are the same everywhere."""
