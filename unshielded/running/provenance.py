"""Where a result comes from: versions, program, model, sources."""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path

import unshielded
from unshielded import calcium, circuit, degeneration
from unshielded.bibliography import bibtex
from unshielded.circuit.pathways import PATHWAYS
from unshielded.circuit.populations import POPULATIONS
from unshielded.config import Config, Experiment
from unshielded.config.sections.doses import DOSES
from unshielded.mechanism import Parameter

_MECHANISMS = (
    *circuit.NEURON,
    *circuit.SURROUNDINGS,
    *circuit.BATH,
    *calcium.CELL,
    *calcium.BATH,
)
_SLOW = (*degeneration.CELL, *degeneration.TISSUE)
_ENGINE = ("generate.py", "integrate.py", "network.py", "vector_math.py")


@cache
def model_digest() -> str:
    """Sixteen hexadecimal digits of all that decides a result but the config: the model's version.

    Equations, numbers and wiring as they are; and the text of the code that draws from them, makes
    pulses of intensities, and steps.
    """
    package = Path(unshielded.__file__).parent
    code = [
        *sorted((package / "assemble").glob("*.py")),
        package / "circuit" / "stimulation.py",
        *sorted((package / "multiscale").glob("*.py")),
        *sorted((package / "numerics").glob("*.py")),
        *(package / "engine" / name for name in _ENGINE),
        *sorted((package / "engine").glob("*.h")),
    ]
    model = [
        [repr(m) for m in (*_MECHANISMS, *_SLOW)],
        [repr(p) for p in POPULATIONS.values()],
        [repr(p) for p in PATHWAYS.values()],
        [repr(p) for p in DOSES.values()],
        [path.read_text(encoding="utf-8") for path in code],
    ]
    return hashlib.sha256(json.dumps(model).encode()).hexdigest()[:16]


def provenance(experiment: Experiment, manifest: Mapping[str, object]) -> dict[str, str | int]:
    """What ran. The same for every run of the same thing on the same machine."""
    flags = manifest["flags"]
    assert isinstance(flags, (list, tuple))
    return {
        "id": experiment.identity,
        "name": experiment.config.name,
        "seed": experiment.config.seed,
        "unshielded": unshielded.__version__,
        "model": model_digest(),
        "git_commit": _commit(),
        "engine": "brian2 cpp_standalone",
        "python": platform.python_version(),
        "compiler": str(manifest["compiler"]),
        "flags": " ".join(flags),
        "platform": platform.platform(),
        "processor": _short(manifest["machine"]),
        **{name: version(name) for name in ("brian2", "numpy", "h5py")},
    }


def _short(machine: object) -> str:
    """The kind of processor, and a digest of what it can do: programs are compiled for that."""
    digest = hashlib.sha256(str(machine).encode()).hexdigest()[:12]
    return f"{platform.machine()} {digest}"


@cache
def _commit() -> str:
    """The commit of the code, if it lies in a git checkout."""
    try:
        shown = subprocess.run(
            ["git", "rev-parse", "HEAD"],
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return ""
    return shown.stdout.strip()


def sources(config: Config | None = None) -> list[str]:
    """The keys behind the numbers: of the whole model, or of the populations of a config."""
    chosen = set(POPULATIONS if config is None else config.circuit.populations)
    used: list[Parameter] = [p for m in _MECHANISMS for p in m.parameters]
    if config is None or config.solver is not None:
        used += [p for m in _SLOW for p in m.parameters]
    if config is None or config.therapies:
        used += DOSES.values()
    used += [p for name in chosen & set(POPULATIONS) for p in POPULATIONS[name].parameters.values()]
    keys = {p.source for p in used} | {p.reference for p in PATHWAYS.values()}
    return sorted(keys - {""})


def citations(config: Config) -> str:
    """The BibTeX entries of what a run used."""
    return bibtex(sources(config))
