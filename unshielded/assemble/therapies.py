r"""What the therapies of a config do at a time: drug concentrations, changed parameters, grafted cells.

A drug that acts at once is a concentration where it acts, as if it were in the bath. What builds up over
days is a factor on a parameter:

.. math::
    \text{ceftriaxone:}\; 1 + (F-1)\,\frac{C}{C+K}\,\big(1 - e^{-t/\tau}\big), \qquad
    \text{nutrition:}\; f, \qquad
    \text{ASO:}\; 1 - \frac{c}{c + (1-k)/k}

and falls back likewise at the end. An antisense oligonucleotide is dosed every :math:`T` and leaves the
tissue with a half-life; relative to the mean of its steady state, :math:`s` after dose :math:`N` (counted
from 0) there are

.. math::
    c = \lambda T\,e^{-\lambda s}\,\frac{1 - e^{-\lambda T (N+1)}}{1 - e^{-\lambda T}}, \qquad
    \lambda = \frac{\ln 2}{t_{1/2}}

of it, at the mean the knock-down is :math:`k`. What messenger and protein lag behind is left out. The
target is a parameter: ``toxic_gain`` (as tofersen lowers mutant SOD1), or one that could stand for a
driver of mitochondrial failure: ``pore_opening_rate`` (a component of the permeability transition pore)
or ``mcu_maximum_rate`` (the uniporter). The report that such a driver can be knocked down names none, so
which of them it is remains a choice.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from unshielded import circuit
from unshielded.assemble.places import PLACES, Group
from unshielded.circuit.populations import INTERNEURONS
from unshielded.circuit.surroundings.doses import PER_DOSE
from unshielded.config import Config
from unshielded.config.sections.therapies import (
    Aso,
    Dosing,
    Drug,
    InducingDrug,
    Nutrition,
    Therapy,
    Transplantation,
)
from unshielded.mechanism import Parameter

_NONE: Final[Mapping[int, float]] = MappingProxyType({})


@dataclass(frozen=True)
class Effects:
    """What therapies do at one time.

    Attributes
    ----------
    applied
        Group and stem of a drug → its concentration in mM. Of what acts at once.
    factors
        Parameter → factor on the value of every cell; what is not here is as it was.
    restored
        Population → share of its lost neurons that fire again.
    """

    applied: Mapping[tuple[Group, str], float] = field(default_factory=dict)
    factors: Mapping[str, float] = field(default_factory=dict)
    restored: Mapping[str, float] = field(default_factory=dict)


def effects(config: Config, time: float, begun: Mapping[int, float] = _NONE) -> Effects:
    """Return what the therapies of `config` do at a time.

    Parameters
    ----------
    time
        As 'from' counts it: of the run, or with a solver the age, in seconds.
    begun
        Place of a therapy with 'after' → the time at which what it waits for had come. Those that
        are not in it have not begun.
    """
    applied: dict[tuple[Group, str], float] = {}
    factors: dict[str, float] = {}
    restored: dict[str, float] = {}
    for place, therapy in enumerate(config.therapies):
        span = _span(therapy.course, place, config, begun)
        if span is None or time < span[0]:
            continue
        now = time < span[1]
        match therapy.course:
            case InducingDrug() as drug:
                lasting = _since(drug.pretreatment, time, span)
                factors["eaat2"] = 1.0 + induction(therapy, drug, config, *lasting)
            case Drug() as drug if now:
                applied[PLACES[therapy.name]] = concentration(therapy.name, drug, config)
            case Nutrition(factor=factor) if now:
                factors["substrate_supply" if config.solver is None else "energy_intake"] = factor
            case Transplantation() as graft:
                share = graft.fraction * _grown(time - span[0], graft.maturation)
                restored.update(dict.fromkeys(INTERNEURONS, share))
            case Aso() as aso:
                left = 1.0 - knockdown(aso, *_since(aso.pretreatment, time, span))
                factors[aso.target] = factors.get(aso.target, 1.0) * left
    return Effects(applied, factors, restored)


def applications(config: Config) -> Iterator[tuple[str, float, float, float | None]]:
    """Yield agent, concentration in mM, start and end (None: never) of each drug.

    For a full spiking simulation, in which what is induced has its time course, too.
    """
    for place, therapy in enumerate(config.therapies):
        if isinstance(therapy.course, Drug):
            span = _span(therapy.course, place, config, _NONE)
            assert span is not None  # only a solver has what must be waited for
            end = None if math.isinf(span[1]) else span[1]
            yield therapy.name, concentration(therapy.name, therapy.course, config), span[0], end


def induced_at_start(config: Config) -> float:
    """Return the EAAT2 that a pretreatment has induced by the start of a run without a solver."""
    for therapy in config.therapies if config.solver is None else ():
        drug = therapy.course
        if isinstance(drug, InducingDrug) and drug.pretreatment:
            return induction(therapy, drug, config, drug.pretreatment)
    return 0.0


def concentration(name: str, drug: Drug, config: Config) -> float:
    """Return the concentration of a drug where it acts, in mM."""
    if drug.concentration is not None:
        return drug.concentration
    assert drug.dose is not None  # one of them is given, or the config was refused
    return drug.dose * _value(PER_DOSE[name], config)


def induction(
    therapy: Therapy, drug: InducingDrug, config: Config, given: float, since: float = 0.0
) -> float:
    """Return the EAAT2 that is induced, over what there is without.

    Parameters
    ----------
    given
        For how long the drug was given, in seconds.
    since
        Time from its end.
    """
    most, half, tau = (
        _value(circuit.PARAMETERS[name], config)
        for name in (
            "eaat2_expression_maximum",
            "ceftriaxone_half_effect",
            "eaat2_induction_time",
        )
    )
    level = concentration(therapy.name, drug, config)
    steady = (most - 1.0) * level / (level + half)
    return -steady * math.expm1(-given / tau) * math.exp(-since / tau)


def knockdown(aso: Aso, given: float, since: float = 0.0) -> float:
    """Return the share of its target that an antisense oligonucleotide takes away.

    Parameters
    ----------
    given
        Time from the first dose for which it was given, in seconds; the first is at 0.
    since
        Time from the end of the treatment.
    """
    if aso.knockdown == 0.0:
        return 0.0
    rate = math.log(2.0) / aso.half_life
    # a dose that falls on the end is none
    last = max(0, math.ceil(given / aso.interval) - 1) if since else given // aso.interval
    after = given - last * aso.interval + since
    doses = math.expm1(-rate * aso.interval * (last + 1)) / math.expm1(-rate * aso.interval)
    amount = rate * aso.interval * math.exp(-rate * after) * doses
    return amount / (amount + (1.0 - aso.knockdown) / aso.knockdown)


def _span(
    course: Dosing, place: int, config: Config, begun: Mapping[int, float]
) -> tuple[float, float] | None:
    """When it starts and ends; None if it waits."""
    if course.after is not None:
        if place not in begun:
            return None
        start = begun[place]
    else:
        start = config.start if course.from_ is None else course.from_
    until = getattr(course, "until", None)
    return start, math.inf if until is None else until


def _since(pretreatment: float, time: float, span: tuple[float, float]) -> tuple[float, float]:
    """For how long it was given, and how long ago that ended."""
    start, end = span
    return min(time, end) - start + pretreatment, max(0.0, time - end)


def _grown(time: float, maturation: float) -> float:
    return min(1.0, time / maturation) if maturation > 0 else 1.0


def _value(parameter: Parameter, config: Config) -> float:
    return config.parameters.get(parameter.name, parameter.si)
