"""What was applied with the bath, and how it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from unshielded.arrays import AnyArray


@dataclass(frozen=True)
class AppliedAgent:
    """One agent in what flows in, from one time to another; `until_s` is None to the end.

    `on` is the place: regions or populations, or ``all``.
    """

    agent: str
    concentration_mM: float  # noqa: N815, a unit
    from_s: float
    until_s: float | None
    on: str = "all"

    @property
    def label(self) -> str:
        """The agent, and its place if it is not everywhere, as results name it."""
        return self.agent if self.on == "all" else f"{self.agent} on {self.on}"


def concentration(millimolar: float) -> str:
    """Write a concentration as one says it.

    Examples
    --------
    >>> concentration(0.1), concentration(25.0), concentration(1e-5)
    ('100 µM', '25 mM', '10 nM')
    """
    for unit, scale in (("mM", 1.0), ("µM", 1e3)):
        if millimolar * scale >= 1.0:
            return f"{millimolar * scale:g} {unit}"
    return f"{millimolar * 1e6:g} nM"


def applications(
    changes: Mapping[str, tuple[AnyArray, AnyArray]],
) -> tuple[AppliedAgent, ...]:
    """Return each application, in order of time.

    Parameters
    ----------
    changes
        Agent, with its place if it has one → times (s) from which it flows in at what concentration
        (mM).
    """
    found = [
        AppliedAgent(
            agent, float(level), float(start), None if end is None else float(end), on or "all"
        )
        for label, (times, levels) in changes.items()
        for agent, _, on in (label.partition(" on "),)
        for start, level, end in zip(times, levels, [*times[1:], None], strict=True)
        if level > 0
    ]
    return tuple(sorted(found, key=lambda a: (a.from_s, a.label)))
