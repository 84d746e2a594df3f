"""What changes while a program runs: what flows into the bath, and magnetic pulses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from unshielded.assemble.layout import Layout
from unshielded.assemble.places import PLACES, Group, placed, populated, spans
from unshielded.assemble.therapies import applications
from unshielded.circuit.populations import POPULATIONS
from unshielded.circuit.stimulation import volleys
from unshielded.config.sections.places import EVERYWHERE, name_of, populations_at

if TYPE_CHECKING:
    from unshielded.config import Config

_Flow = tuple[str, float, float, "float | None", tuple[str, ...]]


@dataclass(frozen=True)
class Event:
    """A variable that is set: a shared one, or that of some neurons.

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
    start, stop
        The neurons, or cells, that it is set for: ``start <= neuron < stop``. A shared variable has one
        value.
    """

    tick: int
    group: Group
    variable: str
    value: float
    start: int = 0
    stop: int = 1


def schedule(config: Config, layout: Layout, values: Mapping[str, Any]) -> tuple[Event, ...]:
    """Return the events of a config, in order of time.

    Parameters
    ----------
    layout
        Of the neurons. A config that applies a drug that acts inside cells to none is refused when it is
        loaded.
    values
        Parameter → SI value, of which stimulation needs some.

    Notes
    -----
    Times are rounded to whole slow steps. What starts when the same agent ends replaces it; an
    end at the end of the run is none.
    """
    events: dict[tuple[int, Group, str, int, int], Event] = {}
    local = placed(config, layout)
    for agent, concentration, start, end, on in sorted(_flows_in(config), key=lambda e: e[2]):
        group, stem = PLACES[agent]
        if group == "cells" and not layout.cells:
            raise ValueError(f"{agent} acts inside cells, and there is none")
        changes = [(start, concentration)]
        if end is not None and end < config.duration:
            changes.append((end, 0.0))
        where = spans(on, group, layout) if (group, stem) in local else ((0, 1),)
        for time, value in changes:
            for first, stop in where:
                event = Event(_tick(time, config), group, f"{stem}_applied", value, first, stop)
                events[event.tick, group, event.variable, first, stop] = event
    every = (*events.values(), *_stimulation(config, values))
    return tuple(sorted(every, key=lambda e: (e.tick, e.group, e.variable, e.value, e.start)))


def _flows_in(config: Config) -> Iterator[_Flow]:
    """Agent, concentration, start, end and place of what is in the bath, and of drugs as therapies.

    Therapies are given to the whole body. With a solver they follow age, and are not part of a window's
    schedule.
    """
    for entry in config.bath:
        yield entry.agent, entry.concentration, entry.from_, entry.until, entry.on
    if config.solver is None:
        for agent, concentration, start, end in applications(config):
            yield agent, concentration, start, end, (EVERYWHERE,)


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


@dataclass(frozen=True)
class BathColumn:
    """A recorded concentration of the bath.

    Attributes
    ----------
    label
        The agent, and where it was applied if that was not everywhere: ``muscimol on cortex``. Places of
        one label have the same course.
    group, variable, neuron
        What is set there, and for which neuron.
    """

    label: str
    group: Group
    variable: str
    neuron: int = 0


def columns(config: Config, layout: Layout) -> tuple[BathColumn, ...]:
    """Return the concentrations that the program records: one for each agent, or for each population."""
    local = placed(config, layout)
    found = []
    for agent, (group, stem) in PLACES.items():
        variable = f"{stem}_applied"
        if group == "cells" and not layout.cells:
            continue
        if (group, stem) not in local:
            found.append(BathColumn(agent, group, variable))
            continue
        parts = populated(group, layout)
        entries = {
            part.name: tuple(
                number
                for number, entry in enumerate(config.bath)
                if entry.agent == agent and part.name in populations_at(entry.on, POPULATIONS)
            )
            for part in parts
        }
        for part in parts:
            alike = [name for name in entries if entries[name] == entries[part.name]]
            place = name_of(alike, [p.name for p in populated("neurons", layout)], POPULATIONS)
            found.append(BathColumn(f"{agent} on {place}", group, variable, part.start))
    return tuple(found)


def applied(
    events: Iterable[Event], columns: Iterable[BathColumn], steps_per_second: int
) -> dict[str, tuple[tuple[float, float], ...]]:
    """Return label → (time in s, concentration in SI) of each change of what flows in there.

    Parameters
    ----------
    columns
        The concentrations that are recorded; labels at which nothing changes are left out.
    steps_per_second
        Of the fast clock.
    """
    events = tuple(events)
    found: dict[str, tuple[tuple[float, float], ...]] = {}
    for column in columns:
        # Of what is set at one time the last one holds.
        changes = {
            event.tick / steps_per_second: event.value
            for event in events
            if (event.group, event.variable) == (column.group, column.variable)
            and event.start <= column.neuron < event.stop
        }
        if changes:
            found[column.label] = tuple(changes.items())
    return found


def _tick(time: float, config: Config) -> int:
    slow, fast = config.numerics.slow_steps_per_second, config.numerics.fast_steps_per_second
    return round(time * slow) * (fast // slow)
