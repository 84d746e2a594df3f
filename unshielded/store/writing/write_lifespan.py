"""A run that was solved in windows: its time courses over age and its outcome."""

from __future__ import annotations

import h5py
import numpy as np

from unshielded.mechanism.units import factor
from unshielded.store.format.layout import axis, drawable, variable
from unshielded.store.writing.raw import Raw


def write_lifespan(file: h5py.File, raw: Raw) -> None:
    """Write ``/lifespan``: courses over the ends of the windows; nothing for any other run."""
    lifespan = raw.recording.lifespan
    if lifespan is None:
        return
    group = file.create_group("lifespan")
    time = np.array([end for _, end in lifespan.counted])
    axis(group, "time", time, "s", "time from the start of the run")
    ages = (lifespan.start_age + time) / factor("year")
    variable(group, "age", float, "year", "age at the end of the window", ["time"], ages)
    for name, course in lifespan.courses.items():
        values = np.array(course.values) / factor(course.unit)
        variable(group, name, float, course.unit, course.long_name, ["time"], values)
    group.attrs["start_age"] = lifespan.start_age
    for name, value in lifespan.outcome.items():
        group.attrs[f"outcome_{name}"] = value
    signal = next((n for n in lifespan.courses if n.startswith("strength")), None)
    signal = signal or next(iter(lifespan.courses), "age")
    drawable(group, signal, ["time"], "A lifetime")
