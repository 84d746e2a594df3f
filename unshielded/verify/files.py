"""The files of one run: the sealed result, and what lies beside it."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from unshielded.config import ConfigError, Experiment, dump, load
from unshielded.model import digest
from unshielded.results.summary import summarise
from unshielded.running.run import LOG
from unshielded.store.format.apart import apart
from unshielded.store.format.files import StoreError, explain
from unshielded.store.format.layout import RESULTS_FILE
from unshielded.store.reading.read import RunFile, open_run
from unshielded.verify.verdict import FileProblem, Verdict, check_sealed

#: The name of a run's folder.
IDENTITY = re.compile(r"[0-9a-f]{16}\Z")

CONFIG, CITATIONS = "config.yaml", "citations.bib"


def check_run(place: Path, verdict: Verdict) -> None:
    """Check the files of one run, in a process of its own: see :mod:`unshielded.store.format.apart`."""

    def look() -> dict[str, Any]:
        mine = Verdict()
        _look(place, mine)
        return mine.as_json()

    try:
        verdict.add(apart(place / RESULTS_FILE, look))
    except StoreError as error:
        verdict.report(place / RESULTS_FILE, error)


def _look(place: Path, verdict: Verdict) -> None:
    results = place / RESULTS_FILE
    for other in sorted(place.glob("*.h5")):
        if other != results:
            check_sealed(other, verdict)
    if not results.exists():
        if (place / LOG).exists():
            verdict.problems.append(FileProblem(results, "is missing, though the run was finished"))
        else:
            verdict.notes.append(f"{place}: unfinished; there is no {RESULTS_FILE}")
        return
    before = len(verdict.problems)
    try:
        with open_run(results) as result:
            _check_result(place, result, verdict)
            _check_beside(place, result, verdict)
            populations = summarise(result)["populations"]
            seed = result.seed
    except StoreError as error:
        verdict.report(results, error)
    verdict.files += 1
    if len(verdict.problems) == before:
        verdict.populations[place.name] = seed, populations


def _check_result(place: Path, result: RunFile, verdict: Verdict) -> None:
    """The identity: of the folder, of the result, and of the settings inside it."""
    if result.id != place.name:
        what = f"is the run {result.id}, in a folder named {place.name}"
        if IDENTITY.match(place.name):  # that of another run
            verdict.problems.append(FileProblem(result.path, what))
        else:
            verdict.notes.append(f"{result.path}: {what}")
    content = {"resolved": json.loads(result.text("resolved_json")), "seed": result.seed}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
    identity = hashlib.sha256(text.encode()).hexdigest()[:16]
    if identity != result.id:
        what = f"has the settings of the run {identity}, but says that it is {result.id}"
        verdict.problems.append(FileProblem(result.path, what))


def _check_beside(place: Path, result: RunFile, verdict: Verdict) -> None:
    """The files beside a result: those that it has copies of, and the log."""
    found = _text(place / CITATIONS, verdict)
    if found is not None and found != result.text("citations"):
        what = "is not the copy of what is in the result: changed after the run"
        verdict.problems.append(FileProblem(place / CITATIONS, what))
    log = _text(place / LOG, verdict)
    if log is not None and not _is_log(log):
        what = "is damaged; the run counts as unfinished, and the next sweep computes it again"
        verdict.problems.append(FileProblem(place / LOG, what))
    config = _text(place / CONFIG, verdict)
    if config is None:
        return
    try:
        experiment = load(place / CONFIG)
    except ConfigError as error:
        what = str(error).partition("\n")[0].removeprefix(f"{place / CONFIG}:")
        verdict.problems.append(
            FileProblem(place / CONFIG, f"is not a valid config any more: {what}")
        )
        return
    if what := _changed(experiment, config, result):
        if result.provenance().get("model") == digest():
            verdict.problems.append(FileProblem(place / CONFIG, what))
        else:
            verdict.notes.append(f"{place / CONFIG}: {what}; but the run is one of another model")


def _changed(experiment: Experiment, text: str, result: RunFile) -> str:
    if experiment.identity != result.id:
        return f"is the config of the run {experiment.identity}, expected {result.id}"
    if experiment.config.name != result.name:
        return f"has the name {experiment.config.name!r}, expected {result.name!r}"
    return "" if dump(experiment) == text else "is not as it was written: changed after the run"


def _is_log(text: str) -> bool:
    try:
        said = json.loads(text)
        return isinstance(said, dict) and float(said["wall_s"]) >= 0
    except (ValueError, KeyError, TypeError, RecursionError):
        return False


def _text(path: Path, verdict: Verdict) -> str | None:
    """The text of a file that should be there; None, and a problem, if it is not."""
    verdict.files += 1
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        verdict.problems.append(FileProblem(path, "is missing"))
    except UnicodeDecodeError as error:
        verdict.problems.append(FileProblem(path, f"is damaged: {error.reason}"))
    except OSError as error:
        verdict.report(path, explain(path, "read", error))
    return None
