"""The report of a comparison with published experiments (``validate-science``)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import unshielded
from unshielded.model import digest
from unshielded.reports import evidence
from unshielded.reports.page import Drawing, Page, PageSection, PageTable, embedded
from unshielded.store.format.files import CorruptResult, explain

SCIENCE = "science.json"
_HEADS = ("Measured", "Published range", "Here (mean ± SD over seeds)", "Verdict")


def page(folder: Path) -> Page:
    """Return the report of a folder that ``validate-science`` wrote.

    Raises
    ------
    StoreError
        If its table cannot be read, or is damaged.
    """
    place = folder / SCIENCE
    try:
        targets = json.loads(place.read_text(encoding="utf-8"))
        return _page(targets, folder)
    except OSError as error:
        raise explain(place, "read", error) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CorruptResult(
            f"{place}: is not a table of validate-science ({error}); run it again"
        ) from error


def _page(targets: list[dict[str, Any]], folder: Path) -> Page:
    met = sum(target["met"] for target in targets)
    keys = sorted({key for target in targets for key in target["sources"]})
    command = ["unshielded", "validate-science", "--only", ",".join(t["id"] for t in targets)]
    command += ["--seeds", str(max(len(target["seeds"]) for target in targets))]
    return Page(
        "Validation against published experiments",
        f"{len(targets)} targets",
        f"{met} of {len(targets)} targets are met.",
        ["The folder does not tell which version of the model it is of; check before you cite it."],
        [
            *(_target(target, folder) for target in targets),
            PageSection("Sources", references=evidence.references(keys)),
            evidence.repeated(
                command,
                {},
                [{"unshielded (this page)": unshielded.__version__, "model (this page)": digest()}],
            ),
        ],
    )


def _target(target: dict[str, Any], folder: Path) -> PageSection:
    kind = f"fitted ({', '.join(target['fitted'])})" if target["fitted"] else "prediction"
    met = "met" if target["met"] else "missed"
    text = [
        f"{met.capitalize()}, claimed {target['claimed']}; {kind}.",
        f"Published: {target['published']} [{', '.join(target['sources'])}]",
        f"Criterion: {target['criterion']}",
        f"Protocol: {target['protocol']}",
        f"Preparation: {target['preparation']}",
        *(
            [f"Why it is missed: {target['reason']}"]
            if target["reason"] and not target["met"]
            else []
        ),
    ]
    rows = [_line(line) for line in target["lines"]]
    title = f"{target['id']} {target['title']}"
    return PageSection(
        title, text, [PageTable(_HEADS, rows)], list(_figure(folder, target["id"], title))
    )


def _figure(folder: Path, name: str, title: str) -> Iterator[Drawing]:
    place = folder / f"{name}.png"
    if place.is_file():
        yield Drawing(title, embedded("image/png", place.read_bytes()))


def _line(line: dict[str, Any]) -> tuple[str, ...]:
    unit = f" {line['unit']}" if line["unit"] else ""
    low, high = line["low"], line["high"]
    ends = [f"≥ {low:g}" if low is not None else "", f"≤ {high:g}" if high is not None else ""]
    published = f"{low:g} to {high:g}" if None not in (low, high) else "".join(ends)
    here = "not reached" if line["mean"] is None else f"{line['mean']:.3g}"
    here += f" ± {line['sd']:.2g}" if line["mean"] is not None and line["sd"] is not None else ""
    verdict = {True: "met", False: "missed", None: ""}[line["met"]]
    return line["name"], f"{published}{unit}" if published else "–", here + unit, verdict
