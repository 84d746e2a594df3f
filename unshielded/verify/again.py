"""Compute a result once more, and compare the bits."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import Any

from unshielded.config import load
from unshielded.engine.errors import CompileError, Interrupted, OutputError, SimulationError
from unshielded.model import digest
from unshielded.running.run import Progress, run
from unshielded.store.format.layout import RESULTS_FILE
from unshielded.store.reading.read import open_run
from unshielded.store.reading.same import differences
from unshielded.verify.files import CONFIG
from unshielded.verify.verdict import DIFFERS, IDENTICAL, UNKNOWN, Again


def compute_again(place: Path, progress: Progress | None, cancel: Event | None) -> Again:
    """Compute a result once more, elsewhere, and compare the bits."""
    id_ = place.name
    with open_run(place / RESULTS_FILE) as result:
        before = result.provenance()
        origin, source = json.loads(result.text("origin_json")), result.text("config_yaml")
    if before.get("model") != digest():
        ours = f"this is {digest()}"
        return Again(id_, UNKNOWN, f"made by the model {before.get('model')}, {ours}")
    experiment = load(place / CONFIG)
    # The result also says where its settings once came from. Loaded from this copy of the config
    # they come from elsewhere, and that is not a difference.
    vars(experiment).update(origin=origin, source_text=source)
    try:
        with TemporaryDirectory(prefix="unshielded-verify-") as scratch:
            made = run(experiment, Path(scratch), progress, cancel, force=True).results
            return _compare(id_, place / RESULTS_FILE, made, before)
    except CompileError as error:
        return Again(id_, UNKNOWN, str(error))
    except (Interrupted, OutputError):
        raise
    except SimulationError as error:
        return Again(id_, DIFFERS, f"computed again, it fails: {error}")


def _compare(id_: str, first: Path, second: Path, before: dict[str, Any]) -> Again:
    if _same_bytes(first, second):
        return Again(id_, IDENTICAL)
    with open_run(second) as result:
        after = result.provenance()
    elsewhere = [
        f"{name} {before.get(name) or 'not said'}, here {after.get(name) or 'not said'}"
        for name in dict.fromkeys([*before, *after])
        if before.get(name) != after.get(name)
    ]
    other = differences(first, second)
    if not other:
        why = f"not what made them: {'; '.join(elsewhere)}" if elsewhere else "packed otherwise"
        return Again(id_, IDENTICAL, f"the data; {why}")
    which = ", ".join(other[:3]) + (f" and {len(other) - 3} more" if len(other) > 3 else "")
    if elsewhere:
        return Again(id_, UNKNOWN, f"{which} differ, as they may: {'; '.join(elsewhere)}")
    return Again(id_, DIFFERS, f"computed again, {which} differ")


def _same_bytes(first: Path, second: Path) -> bool:
    with first.open("rb") as a, second.open("rb") as b:
        return (
            hashlib.file_digest(a, "sha256").digest() == hashlib.file_digest(b, "sha256").digest()
        )
