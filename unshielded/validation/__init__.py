"""Validation: what is published, what the model does, and where the two differ.

A module of :mod:`unshielded.validation.protocols` for each target;
:mod:`unshielded.validation.target` says what a target is.
"""

from importlib import import_module
from pkgutil import iter_modules

from unshielded.validation import protocols
from unshielded.validation.target import Target


def _targets() -> dict[str, Target]:
    names = sorted(module.name for module in iter_modules(protocols.__path__))
    found: list[Target] = [import_module(f"{protocols.__name__}.{name}").TARGET for name in names]
    return {target.id: target for target in found}


TARGETS: dict[str, Target] = _targets()

__all__ = ["TARGETS", "Target"]
