"""Errors cross from workers to the command pickled: each comes out as it went in."""

from __future__ import annotations

import pickle
import pkgutil
import signal
from importlib import import_module
from types import ModuleType

import unshielded
from unshielded.config.reading.errors import ConfigError, Problem
from unshielded.engine.errors import Interrupted
from unshielded.interrupt import Stop

#: What an error is made of, where that is not its message.
MADE_OF: dict[type[BaseException], object] = {
    ConfigError: [
        Problem("a.yaml", 2, 1, "duration", "'1 kg' has the unit 'kg'", "a time"),
        Problem("a.yaml", 1, 7, "name", "nothing", "a name", "give it one"),
    ],
    Interrupted: signal.SIGTERM,
    Stop: signal.SIGINT,
}


def modules() -> list[ModuleType]:
    """Every module of the package; ``__main__`` runs the command."""
    found = pkgutil.walk_packages(unshielded.__path__, "unshielded.")
    return [import_module(each.name) for each in found if not each.name.endswith("__main__")]


def exceptions() -> list[type[BaseException]]:
    """Every exception that a module of the package defines."""
    return [
        value
        for module in modules()
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, BaseException)
        and value.__module__ == module.__name__
    ]


def test_every_error_survives_pickling() -> None:
    found = exceptions()
    assert {*MADE_OF} < {*found}  # the walk finds them
    for kind in found:
        before = kind(MADE_OF.get(kind, "runs/a.h5: cannot read: check the path"))
        after = pickle.loads(pickle.dumps(before))
        assert type(after) is kind
        assert str(after) == str(before) != ""
        assert vars(after) == vars(before), kind
