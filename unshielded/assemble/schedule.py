"""What changes while a program runs: what flows into the bath, and magnetic pulses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import calcium
import circuit
from circuit.tms import volleys

if TYPE_CHECKING:
    from unshielded.config import Config

Group = Literal["neurons", "cells"]

#: Agent of a config → the group whose bath it is in, and its stem there.
_PLACES: Final[Mapping[str, tuple[Group, str]]] = {
    **{agent: ("neurons", stem) for agent, stem in circuit.AGENTS.items()},
    **{agent: ("cells", stem) for agent, stem in calcium.AGENTS.items()},
}


@dataclass(frozen=True)
class Event:
    """A shared variable that is set.

    Attributes
    ----------
    tick
        Fast step before which it is set; of the bath, the first of a slow step.
    group
        ``neurons`` or ``cells``.
    variable
        Its name there.
    value
        In SI.
    """

    tick: int
    group: Group
    variable: str
    value: float


def schedule(config: Config, cells: bool, values: Mapping[str, Any]) -> tuple[Event, ...]:
    """Return the events of a config, in order of time.

    Parameters
    ----------
    cells
        Whether there is any cell. A config that applies a drug that acts inside cells to
        none is refused when it is loaded.
    values
        Parameter → SI value, of which stimulation needs some.

    Notes
    -----
    Times are rounded to whole slow steps. What starts when the same agent ends replaces it; an
    end at the end of the run is none.
    """
    events: dict[tuple[int, Group, str], Event] = {}
    for entry in sorted(config.bath, key=lambda e: e.from_):
        group, stem = _PLACES[entry.agent]
        if group == "cells" and not cells:
            raise ValueError(f"{entry.agent} acts inside cells, and there is none")
        changes = [(entry.from_, entry.concentration)]
        if entry.until is not None and entry.until < config.duration:
            changes.append((entry.until, 0.0))
        for time, value in changes:
            event = Event(_tick(time, config), group, f"{stem}_applied", value)
            events[event.tick, group, event.variable] = event
    every = (*events.values(), *_stimulation(config, values))
    return tuple(sorted(every, key=lambda e: (e.tick, e.group, e.variable)))


def _stimulation(config: Config, values: Mapping[str, Any]) -> list[Event]:
    """Pulses, and the volleys that they cause: each is there for one fast step."""
    rate = config.numerics.fast_steps_per_second
    end = round(config.duration * rate)
    pulses = [(pulse.at, pulse.intensity) for pulse in config.stimulation]
    steps: dict[tuple[str, int], float] = {}
    for name, events in (
        ("stimulus_intensity", iter(pulses)),
        ("afferent_volley", volleys(pulses, values)),
    ):
        for time, size in events:
            step = name, round(time * rate)
            steps[step] = steps.get(step, 0.0) + size
    for name, tick in list(steps):
        steps.setdefault((name, tick + 1), 0.0)
    return [Event(k, "neurons", name, size) for (name, k), size in steps.items() if k < end]


def applied(
    events: Iterable[Event], steps_per_second: int
) -> dict[str, tuple[tuple[float, float], ...]]:
    """Return agent → (time in s, concentration in SI) of each of its events.

    Parameters
    ----------
    steps_per_second
        Of the fast clock.
    """
    agents = {(group, f"{stem}_applied"): agent for agent, (group, stem) in _PLACES.items()}
    found: dict[str, tuple[tuple[float, float], ...]] = {}
    for event in events:
        if (event.group, event.variable) not in agents:
            continue
        agent = agents[event.group, event.variable]
        change = (event.tick / steps_per_second, event.value)
        found[agent] = (*found.get(agent, ()), change)
    return found


def _tick(time: float, config: Config) -> int:
    slow, fast = config.numerics.slow_steps_per_second, config.numerics.fast_steps_per_second
    return round(time * slow) * (fast // slow)
