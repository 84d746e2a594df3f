"""Experiments on a spiking motor circuit and what its activity does inside the neurons.

``import unshielded as un`` loads nothing else: each name below is imported when it is first used.

Examples
--------
>>> import unshielded as un
>>> un.load({"name": "short", "duration": "2 s"})
<Experiment 'short': 2 s, seed 1>
"""

from importlib import import_module
from typing import Any

#: Public name → the module that has it. `__init__.pyi` tells editors and type checkers the same.
_PUBLIC = {
    "load": "unshielded.api.experiments",
    "validate": "unshielded.api.experiments",
    "params": "unshielded.api.params",
    "report": "unshielded.reports.write",
    "run": "unshielded.api.runs",
    "sweep": "unshielded.api.sweeps",
    "trial": "unshielded.api.trials",
    "tms": "unshielded.api.tms",
    "open": "unshielded.api.opening",
    "Experiment": "unshielded.config",
    "Needs": "unshielded.api.experiments",
    "RunResult": "unshielded.api.runs",
    "SweepResult": "unshielded.api.sweeps",
    "TrialResult": "unshielded.api.trials",
    "TmsResult": "unshielded.api.tms",
    "ConfigError": "unshielded.config",
    "SimulationError": "unshielded.engine.errors",
    "StoreError": "unshielded.store.format.files",
}

__all__ = ["__version__", *_PUBLIC]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return _version()
    if name not in _PUBLIC:
        raise AttributeError(f"module 'unshielded' has no attribute {name!r}")
    return getattr(import_module(_PUBLIC[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("unshielded")
    except PackageNotFoundError:  # a source tree that was never installed
        return "0+unknown"
