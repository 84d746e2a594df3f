"""What a command leaves behind: ``tms.h5`` and its figures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import unshielded
from unshielded.model import digest
from unshielded.plot.tms_course import first_death, plot_course
from unshielded.plot.tms_session import ALS, plot_tms
from unshielded.running.run import find
from unshielded.store.tables.tms_results import write_tables
from unshielded.tms_sessions.planning import SessionPlan
from unshielded.tms_sessions.report import falls_below, tables
from unshielded.tms_sessions.sitting import Held
from unshielded.tms_sessions.threshold import finite

FILE: Final = "tms.h5"


def write_outcome(planned: SessionPlan, sessions: Sequence[Held], out: Path) -> tuple[Path, ...]:
    """Write the file and the figures of the sessions that were held.

    Returns
    -------
    tuple of Path
        What was written, in ``OUT/<name>/``: ``tms.h5``, ``tms.png`` and, for sessions taken from a
        course, ``tms_course.png``. Nothing where every session failed.
    """
    if not any(held.session for held in sessions):
        return ()
    folder = out / planned.name
    made = tables(sessions)
    about = {
        "name": planned.name,
        "unshielded": unshielded.__version__,
        "model": digest(),
    }
    write_tables(folder / FILE, made, about)
    plot_tms(made, folder / "tms.png")
    written = [folder / FILE, folder / "tms.png"]
    courses = course_results(planned, out)
    if courses:
        plot_course(made, courses, folder / "tms_course.png")
        written.append(folder / "tms_course.png")
    return tuple(written)


def course_results(planned: SessionPlan, out: Path) -> list[Path]:
    """Return the results of the courses that are there."""
    done = (find(course, out) for course in planned.courses)
    return [outcome.results for outcome in done if outcome is not None]


def precedence(planned: SessionPlan, sessions: Sequence[Held], out: Path) -> dict[str, Any] | None:
    """Say what comes first in a course: the fall of inhibition, or the death of a motor neuron.

    Returns
    -------
    dict or None
        ``limit_percent`` (what people with ALS have at most), ``inhibition_falls_s`` (when the mean
        over seeds falls to it) and ``first_death_s`` (of any motor neuron and seed); null where it
        does not come to that. None without a course.
    """
    courses = course_results(planned, out)
    if not courses:
        return None
    return {
        "limit_percent": ALS,
        "inhibition_falls_s": finite(falls_below(sessions, ALS)),
        "first_death_s": finite(first_death(courses)),
    }
