"""The checks of the rule pack, one module a subject; small pure functions of the facts."""
