"""Errors of the grammar: raised while a model is written down, before anything compiles."""


class MechanismError(ValueError):
    """A mechanism, or the sum of several, does not fit together."""
