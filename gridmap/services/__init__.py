"""Use cases: one verb, one function, one story; each opens its own transactions."""
