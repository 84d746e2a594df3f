"""What any report says of the config behind a result: settings, numbers, sources, versions."""

from __future__ import annotations

import json
import shlex
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from unshielded.api.experiments import load
from unshielded.api.params import params
from unshielded.bibliography import known, reference
from unshielded.calibration import load_problem
from unshielded.config import Experiment
from unshielded.config.sections.quantity import WITH_UNITS
from unshielded.model import digest, sources
from unshielded.reports.page import Code, PageSection, PageTable
from unshielded.results.survival import flat

_PARAMETER = ("Number", "Value", "Meaning", "Kind", "Source", "Preparation or reason")


def settings(experiment: Experiment) -> PageSection:
    """Tell every setting that differs from the default, with both values."""
    mine = _flat(experiment)
    usual = _flat(load({"name": "default", "duration": "1 min"}))
    duration = mine.pop("duration")  # has no default
    rows = [
        (path, _text(value), _text(usual[path]) if path in usual else "not set")
        for path, value in mine.items()
        if path not in usual or value != usual[path]
    ]
    rows.append(("duration", _text(duration), "must be given"))
    text = [] if len(rows) > 1 else ["No setting but the duration differs from the default."]
    return PageSection("Settings", text, [PageTable(("Setting", "Here", "Default"), rows)])


def varied(listing: Iterable[tuple[Mapping[str, Any], int]]) -> PageTable:
    """Tell what differs between the runs of a sweep or trial: each setting with its values."""
    values: dict[str, dict[str, None]] = {}
    for point, seed in listing:
        for path, value in [*point.items(), ("seed", seed)]:
            values.setdefault(path, {})[_text(value)] = None
    rows = [(path, ", ".join(each)) for path, each in values.items()]
    return PageTable(("Varied", "Values"), rows)


def numbers(experiment: Experiment, varied: Iterable[str] = ()) -> PageSection:
    """Tell the numbers that matter with their evidence, and all others below, folded.

    Those matter that the config gives as ``parameters`` or varies, and those on which the calibration of the cell
    found its death to depend: its free parameters.
    """
    table = params(experiment).reset_index()
    free = set(load_problem().priors)
    paths = {part for path in varied for part in path.split(".")}
    rows: list[tuple[str, ...]] = []
    others: list[tuple[str, ...]] = []
    for row in table.to_dict("records"):
        given = row["kind"] == "given" and "parameters." in row["rationale"]
        matters = given or row["name"] in free | paths
        (rows if matters else others).append(_number(row))
    kinds = Counter(table["kind"])
    counted = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
    text = [
        "Numbers that the config gives or varies, and the free parameters of the calibration of the "
        f"cell, on which its death depends. Of all {len(table)} numbers: {counted}."
    ]
    folded = PageTable(_PARAMETER, others, title=f"All other numbers ({len(others)})")
    return PageSection("Numbers that matter", text, [PageTable(_PARAMETER, rows), folded])


def cited(experiment: Experiment) -> PageSection:
    """List the sources of the numbers that an experiment uses."""
    config = experiment.config
    keys = sources(
        set(config.circuit.populations),
        slow=config.solver is not None,
        doses=bool(config.therapies) or config.trial is not None,
        preparation=config.preparation,
    )
    return PageSection("Sources", references=references(keys))


def references(keys: Iterable[str]) -> list[str]:
    """Return entries of the bibliography as lines; a key that it does not have stands for itself."""
    there = known()
    return [f"[{key}] {reference(key)}" if key in there else f"[{key}]" for key in keys]


def cautions(provenances: Sequence[Mapping[str, Any]]) -> list[str]:
    """Say if results are of another model than the one whose numbers are told here."""
    models = {str(each["model"]) for each in provenances if "model" in each}
    if models <= {digest()}:
        return []
    return [
        f"Computed with model {', '.join(sorted(models))}; this is model {digest()}. Meanings and "
        "evidence of numbers that the config does not give are those of this model."
    ]


def repeated(
    command: Sequence[str], files: Mapping[str, str], provenances: Sequence[Mapping[str, Any]]
) -> PageSection:
    """Tell how to compute a result again: command, configs, versions."""
    names = dict.fromkeys(name for each in provenances for name in each)
    rows = []
    for name in names:
        values = list(dict.fromkeys(str(each.get(name, "")) for each in provenances))
        if name not in ("id", "name", "seed") and any(values):
            rows.append((name, ", ".join(values)))
    return PageSection(
        "Computing it again",
        ["The same config and seed give the same result with the same versions and processor."],
        [PageTable(("What ran", "Version"), rows)],
        code=[Code(shlex.join(command)), *(Code(text, name) for name, text in files.items())],
    )


def _flat(experiment: Experiment) -> dict[str, Any]:
    left_out = {"sweep", "trial", "tms"}
    return flat(
        experiment.config.model_dump(by_alias=True, exclude=left_out, context={WITH_UNITS: True})
    )


def _number(row: Mapping[str, Any]) -> tuple[str, ...]:
    name = f"{row['name']} ({row['population']})" if row["population"] else row["name"]
    because = row["preparation"] or row["rationale"]
    value = f"{row['value']:g} {row['unit']}".strip()
    return name, value, row["meaning"], row["kind"], row["source"], because


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)
