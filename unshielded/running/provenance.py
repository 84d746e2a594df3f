"""Where a result comes from: versions, program, model, sources."""

from __future__ import annotations

import hashlib
import platform
import subprocess
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path

import unshielded
from unshielded.bibliography import bibtex
from unshielded.config import Config, Experiment
from unshielded.model import digest, sources


def provenance(experiment: Experiment, manifest: Mapping[str, object]) -> dict[str, str | int]:
    """What ran. The same for every run of the same thing on the same machine."""
    flags = manifest["flags"]
    assert isinstance(flags, (list, tuple))
    return {
        "id": experiment.identity,
        "name": experiment.config.name,
        "seed": experiment.config.seed,
        "unshielded": unshielded.__version__,
        "model": digest(),
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
    """The commit of the code, if it lies in a checkout of its own.

    What is installed lies in no checkout, or in that of a user who keeps the environment there.
    """
    checkout = Path(unshielded.__file__).parents[1]
    if not (checkout / ".git").exists():  # a file in a work tree
        return ""
    try:
        shown = subprocess.run(
            ["git", "rev-parse", "HEAD"],
            cwd=checkout,
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return ""
    return shown.stdout.strip()


def citations(config: Config) -> str:
    """The BibTeX entries of what a run used."""
    return bibtex(
        sources(
            set(config.circuit.populations),
            slow=config.solver is not None,
            doses=bool(config.therapies),
            preparation=config.preparation,
        )
    )
