"""Values without behaviour: what was written, what was decided, what is said and what is emitted."""
