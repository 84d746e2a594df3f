"""Sessions as plain data, as tables of a file, and as means over seeds."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from statistics import fmean, stdev
from typing import Any

import numpy as np

from unshielded.statistics.intervals import student
from unshielded.store.tables.tms_results import Column, Table
from unshielded.tms_sessions.emg import RATE
from unshielded.tms_sessions.found import Example, Paired, Responses, Session
from unshielded.tms_sessions.protocol import (
    AMPLITUDE,
    BY_AMPLITUDE,
    FACILITATION,
    LONG,
    RECRUITMENT,
)
from unshielded.tms_sessions.silence import BEFORE
from unshielded.tms_sessions.sitting import Held
from unshielded.tms_sessions.threshold import finite

_TITLES: Mapping[str, str] = {
    AMPLITUDE: "Conditioned over unconditioned amplitude",
    LONG: "Second over single pulse, long intervals",
    FACILITATION: "Pair over first pulse, short intervals",
}

#: Measure → unit and meaning: one number per session.
MEASURES: Mapping[str, tuple[str, str]] = {
    "motor_threshold": ("%", "resting motor threshold, of the maximum stimulator output"),
    "unconditioned": ("%", "intensity of the target response, without conditioning"),
    "mean_inhibition": (
        "%",
        "mean inhibition by threshold tracking over the measured intervals of 1 to 7 ms",
    ),
    "silent_period": ("ms", "cortical silent period at the highest intensity"),
}


def measures(session: Session) -> dict[str, float]:
    """Return one number for each of :data:`MEASURES`; NaN where there is none."""
    silent = session.silent[-1].silence.duration if session.silent else math.nan
    return {
        "motor_threshold": session.motor_threshold.value,
        "unconditioned": session.unconditioned.value,
        "mean_inhibition": session.mean_inhibition.value,
        "silent_period": 1e3 * silent,
    }


def own_intervals(session: Session) -> dict[str, tuple[float, float]]:
    """Return the 95 % interval of each of :data:`MEASURES` within a session; NaN where there is none."""
    silent = session.silent[-1].silence if session.silent else None
    return {
        "motor_threshold": (session.motor_threshold.low, session.motor_threshold.high),
        "unconditioned": (session.unconditioned.low, session.unconditioned.high),
        "mean_inhibition": session.mean_inhibition.interval,
        "silent_period": (1e3 * silent.low, 1e3 * silent.high) if silent else (math.nan, math.nan),
    }


def as_json(held: Held) -> dict[str, Any]:
    """Return a session as plain data; null where it is not a number."""
    sitting, session = held.sitting, held.session
    about = {"point": dict(sitting.values), "seed": sitting.seed, "time_s": sitting.time}
    runs = [str(path) for path in held.runs]
    if session is None:
        return {**about, "error": held.error, "runs": runs}
    return {
        **about,
        "runs": runs,
        "motor_threshold_percent": session.motor_threshold.as_json(),
        "unconditioned_percent": session.unconditioned.as_json(),
        "mean_inhibition_percent": session.mean_inhibition.as_json(),
        "recruitment": _curve(session.responses[RECRUITMENT]),
        "tracking": [
            {
                "isi_ms": 1e3 * t.isi,
                "threshold_percent": t.threshold.as_json(),
                "inhibition_percent": t.inhibition.as_json(),
            }
            for t in session.tracked
        ],
        **{kind: [_ratio(p) for p in session.paired if p.kind == kind] for kind in BY_AMPLITUDE},
        "silent_period": [
            {"intensity_percent": s.intensity, **s.silence.as_json()} for s in session.silent
        ],
        "warnings": list(session.warnings),
    }


def _ratio(paired: Paired) -> dict[str, float | None]:
    low, high = (finite(end) for end in paired.interval)
    ratio, error = finite(paired.ratio), finite(paired.error)
    return {"isi_ms": 1e3 * paired.isi, "ratio": ratio, "se": error, "low": low, "high": high}


def _curve(responses: Responses) -> list[dict[str, float]]:
    intensity, amplitude = responses.of(RECRUITMENT)
    return [
        {
            "intensity_percent": float(tested),
            "median_mV": 1e3 * float(np.median(amplitude[intensity == tested])),
            "low_mV": 1e3 * float(np.quantile(amplitude[intensity == tested], 0.25)),
            "high_mV": 1e3 * float(np.quantile(amplitude[intensity == tested], 0.75)),
        }
        for tested in np.unique(intensity)
    ]


def summary(sessions: Sequence[Held]) -> list[dict[str, Any]]:
    """Return mean, standard deviation and interval over seeds, for each point and time.

    Returns
    -------
    list of dict
        ``point``, ``time_s``, ``sessions`` and, for each measure, ``mean``, ``sd``, ``low`` and ``high``
        (95 % interval of the mean, by Student; of one session that of its trials): null where a seed gave
        none; ``sd`` where there is one seed.
    """
    rows = []
    for group in _groups(sessions):
        found = [measures(held.session) for held in group if held.session]
        rows.append(
            {
                "point": dict(group[0].sitting.values),
                "time_s": group[0].sitting.time,
                "sessions": len(found),
                **{
                    name: _mean([f[name] for f in found]) | _interval(name, found, group)
                    for name in MEASURES
                },
            }
        )
    return rows


def inhibition_by_interval(sessions: Sequence[Held]) -> list[dict[str, Any]]:
    """Return mean and standard deviation over seeds of the inhibition at each interval.

    Returns
    -------
    list of dict
        ``point``, ``time_s`` and ``inhibition_percent``: interval (ms, as asked for) → ``mean`` and
        ``sd``. Without what was not measured.
    """
    rows = []
    for group in _groups(sessions):
        tracking = group[0].sitting.tms.tracking
        tracked = [held.session.tracked for held in group if held.session and held.session.tracked]
        if not tracking or not tracked:
            continue
        by_interval = {
            1e3 * isi: _mean([found[place].inhibition.value for found in tracked])
            for place, isi in enumerate(tracking.isis)
        }
        sitting = group[0].sitting
        about = {"point": dict(sitting.values), "time_s": sitting.time}
        rows.append({**about, "inhibition_percent": by_interval})
    return rows


def falls_below(sessions: Sequence[Held], limit: float) -> float:
    """Return when the mean inhibition of a course first falls to a limit, s.

    Mean over seeds at each time, straight lines in between; infinite where it stays above, NaN where
    there is no course, or no inhibition at its start.

    Parameters
    ----------
    limit
        Per cent.
    """
    means = sorted(
        (row["time_s"], row["mean_inhibition"]["mean"])
        for row in summary(sessions)
        if row["time_s"] is not None and row["mean_inhibition"]["mean"] is not None
    )
    if not means or means[0][1] <= limit:
        return math.nan
    for (before, high), (after, low) in pairwise(means):
        if low <= limit:
            return float(before + (after - before) * (high - limit) / (high - low))
    return math.inf


def _groups(sessions: Sequence[Held]) -> list[list[Held]]:
    """Put together what differs in its seed only."""
    groups: dict[str, list[Held]] = {}
    for held in sessions:
        if held.session is not None:
            key = json.dumps([dict(held.sitting.values), held.sitting.time])
            groups.setdefault(key, []).append(held)
    return list(groups.values())


def _mean(values: Sequence[float]) -> dict[str, float | None]:
    known = all(map(math.isfinite, values))
    return {
        "mean": fmean(values) if known else None,
        "sd": stdev(values) if known and len(values) > 1 else None,
    }


def _interval(
    name: str, found: Sequence[Mapping[str, float]], group: Sequence[Held]
) -> dict[str, float | None]:
    """Return the interval of a mean: over seeds, or, of one session, over its trials."""
    values = [f[name] for f in found]
    ends: tuple[float, float] | None = None
    if all(map(math.isfinite, values)):
        session = group[0].session
        ends = student(values) if len(values) > 1 or not session else own_intervals(session)[name]
    low, high = ends or (math.nan, math.nan)
    return {"low": finite(low), "high": finite(high)}


def tables(sessions: Sequence[Held]) -> dict[str, Table]:
    """Return everything that was measured, as tables of one file."""
    done = [(number, held) for number, held in enumerate(sessions) if held.session is not None]
    made = {"summary": _summary_table(done)}
    for number, held in done:
        assert held.session is not None
        for name, table in _of(held.session):
            made[f"session_{number}/{name}"] = table
    return made


def _summary_table(done: Sequence[tuple[int, Held]]) -> Table:
    found = [measures(held.session) for _, held in done if held.session]
    over = ("session",)
    times = [math.nan if held.sitting.time is None else held.sitting.time for _, held in done]
    points = [json.dumps(dict(held.sitting.values)) for _, held in done]
    warnings = ["; ".join(held.session.warnings) for _, held in done if held.session]
    errors = [held.session.mean_inhibition.error for _, held in done if held.session]
    about: dict[str, str | int | float] = {}
    if done:
        tms = done[0][1].sitting.tms
        about["criterion_mV"] = 1e3 * tms.criterion
        if tms.tracking:
            about["target_mV"] = 1e3 * tms.tracking.target
    return Table(
        "Sessions",
        "mean_inhibition",
        (
            Column("session", "1", "number of the session", np.array([n for n, _ in done], int)),
            Column("seed", "1", "seed", np.array([h.sitting.seed for _, h in done], int), over),
            Column("time", "s", "when its loss was taken; nan = no course", np.array(times), over),
            Column("point", "1", "what the sweep set, as JSON", np.array(points, object), over),
            Column("warnings", "1", "what was not measured", np.array(warnings, object), over),
            *(
                Column(name, unit, meaning, np.array([f[name] for f in found], float), over)
                for name, (unit, meaning) in MEASURES.items()
            ),
            Column("mean_inhibition_se", "%", "its standard error", np.array(errors), over),
        ),
        about,
    )


def _of(session: Session) -> Iterator[tuple[str, Table]]:
    for stage, responses in session.responses.items():
        yield f"trials_{stage}", _trials(stage, responses)
    if session.tracked:
        yield "tracking", _tracking(session)
    for kind, title in _TITLES.items():
        paired = [p for p in session.paired if p.kind == kind]
        if paired:
            yield (
                kind,
                _table(
                    title,
                    Column("isi", "ms", "interval", 1e3 * np.array([p.isi for p in paired])),
                    ("ratio", "1", "pair over single pulse", [p.ratio for p in paired]),
                    ("ratio_se", "1", "its standard error", [p.error for p in paired]),
                    ("ratio_low", "1", "its 95 % interval", [p.interval[0] for p in paired]),
                    ("ratio_high", "1", "its 95 % interval", [p.interval[1] for p in paired]),
                ),
            )
    if session.silent:
        yield "silent_period", _silent(session)
    for example in session.examples:
        isi = f"_{1e3 * example.isi:.1f}_ms" if example.isi else ""
        yield f"emg_{example.kind}{isi}", _example(example)


def _example(example: Example) -> Table:
    time = Column("time", "s", "from the test pulse", example.time)
    trial = Column("trial", "1", "number of the trial", np.arange(len(example.signals)))
    signal = 1e3 * example.signals.astype(np.float32)
    potential = Column("emg", "mV", "electromyogram", signal, ("trial", "time"))
    intensity = Column("intensity", "%", "of the test pulse", example.intensity, ("trial",))
    return Table(f"Electromyogram, {example.kind}", "emg", (trial, time, intensity, potential))


def _trials(stage: str, responses: Responses) -> Table:
    trials = responses.trials
    made = _table(
        stage,
        Column("trial", "1", "number of the trial", np.arange(len(trials))),
        ("amplitude", "mV", "motor evoked potential, peak to peak", 1e3 * responses.amplitude),
        ("background", "mV", "before the pulse, peak to peak", 1e3 * responses.background),
        ("used", "1", "1 = evaluated, 0 = the muscle was active before the pulse", responses.used),
        ("time", "s", "of the test pulse, in its run", [t.at for t in trials]),
        ("test", "%", "intensity of the test pulse", [t.test for t in trials]),
        ("isi", "ms", "interval; 0 = no conditioning pulse", [1e3 * t.isi for t in trials]),
        ("conditioning", "%", "intensity of the conditioning pulse",
         [t.conditioning for t in trials]),
    )  # fmt: skip
    kinds = np.array([trial.kind for trial in trials], object)
    kind = Column("kind", "1", "what the trial is for", kinds, ("trial",))
    return Table(made.title, made.signal, (*made.columns, kind))


def _tracking(session: Session) -> Table:
    tracked = session.tracked
    return _table(
        "Short-interval intracortical inhibition by threshold tracking",
        Column("isi", "ms", "interval", 1e3 * np.array([t.isi for t in tracked])),
        ("inhibition", "%", "rise of the threshold", [t.inhibition.value for t in tracked]),
        ("inhibition_se", "%", "its standard error", [t.inhibition.error for t in tracked]),
        ("threshold", "%", "conditioned threshold", [t.threshold.value for t in tracked]),
        ("threshold_low", "%", "its 95 % interval", [t.threshold.low for t in tracked]),
        ("threshold_high", "%", "its 95 % interval", [t.threshold.high for t in tracked]),
    )


def _silent(session: Session) -> Table:
    found = [s.silence for s in session.silent]
    made = _table(
        "Cortical silent period",
        Column("intensity", "%", "of the pulse", np.array([s.intensity for s in session.silent])),
        ("duration", "ms", "silent period", [1e3 * s.duration for s in found]),
        ("duration_low", "ms", "its 95 % interval", [1e3 * s.low for s in found]),
        ("duration_high", "ms", "its 95 % interval", [1e3 * s.high for s in found]),
        ("onset", "ms", "of the motor evoked potential", [1e3 * s.onset for s in found]),
        ("end", "ms", "return of activity", [1e3 * s.end for s in found]),
        ("activity", "mV", "mean rectified EMG before", [1e3 * s.activity for s in found]),
    )
    averages = 1e3 * np.array([s.average for s in session.silent])
    time = np.arange(averages.shape[1]) / RATE - BEFORE
    axes = Column("time", "s", "from the pulse", time)
    average = Column(
        "average", "mV", "mean rectified electromyogram", averages, ("intensity", "time")
    )
    return Table(made.title, made.signal, (axes, *made.columns, average))


def _table(title: str, over: Column, *columns: tuple[str, str, str, Any]) -> Table:
    """Make a table over one axis; its first column is what a viewer shows."""
    made = (Column(n, u, m, np.asarray(v, float), (over.name,)) for n, u, m, v in columns)
    return Table(title, columns[0][0], (over, *made))
