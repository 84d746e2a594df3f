"""The table of targets, as text, as a page and as data; one figure for each."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from matplotlib.figure import Figure

from unshielded.bibliography import reference
from unshielded.plot.style import save, style
from unshielded.store.format.files import write_atomically
from unshielded.validation.target import Measurement, Result, TargetValue

_SMALLEST = 1e-3


def write_report(results: Sequence[Result], out: Path) -> tuple[Path, ...]:
    """Write ``science.md``, ``science.html``, ``science.json`` and a figure for each target.

    Raises
    ------
    StoreError, OSError
        If a file cannot be written; older ones then stay as they were.
    """
    out.mkdir(parents=True, exist_ok=True)
    captions = {result.target.id: _figure(result, out) for result in results}
    data = json.dumps([result.as_json() for result in results], indent=2, allow_nan=False)
    written = []
    for name, text in (
        ("science.json", data + "\n"),
        ("science.md", render("science.md.j2", results, captions, out)),
        ("science.html", render("science.html.j2", results, captions, out)),
    ):
        with write_atomically(out / name) as partial:
            partial.write_text(text, encoding="utf-8")
        written.append(out / name)
    return tuple(written)


def render(
    template: str, results: Sequence[Result], captions: dict[str, str], figures: Path
) -> str:
    """Fill a template with results; the page carries its figures in itself."""
    environment = Environment(
        loader=PackageLoader("unshielded.validation"),
        autoescape=template.endswith(".html.j2"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    keys = sorted({key for result in results for key in result.target.sources})
    return environment.get_template(template).render(
        results=results,
        captions=captions,
        references={key: reference(key) for key in keys},
        summary=summary(results),
        value=value,
        expected=expected,
        kind=kind,
        embedded=lambda id_: base64.b64encode((figures / f"{id_}.png").read_bytes()).decode(),
    )


def summary(results: Sequence[Result]) -> str:
    """Count what is met, and name what is not as claimed.

    Every sentence is true of the results at hand, not of what was expected of them.
    """
    met = sum(result.met for result in results)
    parts = [f"{met} of {len(results)} targets are met"]
    broken = [r.target.id for r in results if r.broken]
    gained = [r.target.id for r in results if r.met and r.target.claimed == "missed"]
    if broken:
        parts.append(f"claimed met but missed: {', '.join(broken)}")
    if gained:
        parts.append(f"claimed missed but met: {', '.join(gained)}")
    return "; ".join(parts) + "."


def expected(line: TargetValue) -> str:
    """Write a published range.

    Examples
    --------
    >>> expected(TargetValue("tau", "s", 1.5, 1.9)), expected(TargetValue("x", "%", None, 0.1)), expected(TargetValue("x"))
    ('1.5 to 1.9 s', '≤ 0.1 %', '–')
    """
    unit = f" {line.unit}" if line.unit else ""
    match line.low, line.high:
        case None, None:
            return "–"
        case None, high:
            return f"≤ {high:g}{unit}"
        case low, None:
            return f"≥ {low:g}{unit}"
        case low, high:
            return f"{low:g} to {high:g}{unit}"
    raise AssertionError(line)


def value(measurement: Measurement) -> str:
    """Write mean ± standard deviation over seeds, both to three digits of the mean.

    Examples
    --------
    >>> value(Measurement(TargetValue("tau", "s"), (1.7, 1.8, 1.9)))
    '1.80 ± 0.10 s'
    >>> value(Measurement(TargetValue("tau", "s"), (math.nan, 1.8)))
    'not reached'
    """
    mean, deviation = measurement.mean, measurement.deviation
    if not math.isfinite(mean):
        return "not reached"
    # beyond some digits nothing is left to see: 1e-14 % is 0 %
    decimals = 2 - math.floor(math.log10(abs(mean))) if abs(mean) >= _SMALLEST else 4
    decimals = min(max(decimals, 0), 4)
    unit = f" {measurement.line.unit}" if measurement.line.unit else ""
    spread = "" if deviation is None else f" ± {deviation:.{decimals}f}"
    return f"{mean:.{decimals}f}{spread}{unit}"


def kind(result: Result) -> str:
    """Say whether a target is a prediction, or what was fitted on it."""
    names = ", ".join(result.target.fitted)
    return f"fitted ({names})" if names else "prediction"


def _figure(result: Result, out: Path) -> str:
    with style():
        figure = Figure(figsize=(8.4, 3.4), layout="constrained")
        caption = result.target.draw(result.samples, figure)
        save(figure, out / f"{result.target.id}.png")
    return caption
