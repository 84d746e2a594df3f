"""What changes while a program runs: what flows into the bath, and magnetic pulses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from unshielded.assemble.therapies import PLACES, Group, applications
from unshielded.circuit.stimulation import volleys

if TYPE_CHECKING:
    from unshielded.config import Config


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
    for agent, concentration, start, end in sorted(_flows_in(config), key=lambda e: e[2]):
        group, stem = PLACES[agent]
        if group == "cells" and not cells:
            raise ValueError(f"{agent} acts inside cells, and there is none")
        changes = [(start, concentration)]
        if end is not None and end < config.duration:
            changes.append((end, 0.0))
        for time, value in changes:
            event = Event(_tick(time, config), group, f"{stem}_applied", value)
            events[event.tick, group, event.variable] = event
    every = (*events.values(), *_stimulation(config, values))
    return tuple(sorted(every, key=lambda e: (e.tick, e.group, e.variable)))


def _flows_in(config: Config) -> Iterator[tuple[str, float, float, float | None]]:
    """Agent, concentration, start and end of what is in the bath, and of drugs as therapies.

    With a solver therapies follow age, and are not part of a window's schedule.
    """
    for entry in config.bath:
        yield entry.agent, entry.concentration, entry.from_, entry.until
    if config.solver is None:
        yield from applications(config)


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
    agents = {(group, f"{stem}_applied"): agent for agent, (group, stem) in PLACES.items()}
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
