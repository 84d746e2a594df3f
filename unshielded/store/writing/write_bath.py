"""The bath: what flowed in, when, and the concentrations that came of it."""

from __future__ import annotations

import h5py

from unshielded.mechanism.units import factor
from unshielded.store.format.layout import axis, drawable, entry, variable
from unshielded.store.writing.raw import Raw


def write_bath(file: h5py.File, raw: Raw) -> None:
    """Write ``/bath``, a group for each agent that was applied; nothing if none was."""
    recording = raw.recording
    if not recording.applied:
        return
    bath = entry(file, "bath", next(iter(recording.applied)))
    time = recording.times(raw.n_snapshots)
    courses: list[tuple[int, h5py.Dataset]] = []
    for agent, changes in recording.applied.items():
        group = bath.create_group(agent)
        # A person typed these: 100 µM comes back as 0.1 mM, to the last digit.
        times, levels = zip(
            *((t, float(f"{c / factor('mM'):.12g}")) for t, c in changes), strict=True
        )
        what = "time from which on it flows in at another concentration"
        axis(group, "applied_from", times, "s", what)
        what = f"{agent} in what flows in, from then on"
        variable(group, "applied", float, "mM", what, ["applied_from"], levels)
        axis(group, "time", time, "s", "time from the start of the run")
        what = f"{agent}, where it acts"
        course = variable(group, "concentration", float, "mM", what, ["time"])
        drawable(group, "concentration", ["time"], agent)
        courses.append((recording.agents.index(agent), course))
    for first, block in raw.bath():
        for column, course in courses:
            course[first : first + len(block)] = block[:, column] / factor("mM")
