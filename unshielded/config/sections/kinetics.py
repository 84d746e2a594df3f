r"""Creatine kinase, whose rate grows with what a config may give: more than the slow step can follow is refused.

The exchange :math:`k\,([ATP][Cr] - K\,[ADP][PCr])` relaxes at the rate :math:`k\,([Cr] + K\,[PCr] + [ATP] +
K\,[ADP])`. It is highest where all creatine is phosphorylated, in a cell at rest. The midpoint rule follows a rate
of at most two per step.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from unshielded.config.findings import Finding, wrong
from unshielded.config.sections.catalogue import Catalogue
from unshielded.config.sections.circuit import Circuit
from unshielded.config.sections.numerics import SLOW, Numerics

if TYPE_CHECKING:
    from unshielded.config.sections.bath import Application

_STABLE: Final = 2.0  # of the midpoint rule: rate times step
#: A cell at rest has less ADP than the model's start where its capacity is ample: down to this part of it.
_LEAST_ADP: Final = 0.1
_AGENT: Final = "creatine"
_TOTAL, _ADDED = "total_creatine", "creatine_accumulation"
_KINASE, _RATIO = "creatine_kinase_rate", "creatine_kinase_equilibrium"
_ATP, _ADENINE = "resting_atp", "adenine_total"
#: What the rate follows from.
NAMES: Final = (_TOTAL, _KINASE, _RATIO, _ATP, _ADENINE, _ADDED)


def check(
    circuit: Circuit,
    parameters: Mapping[str, float],
    bath: Sequence[Application],
    numerics: Numerics,
    catalogue: Catalogue,
) -> Iterator[Finding]:
    """Yield, once, what makes creatine kinase faster than the slow step can follow.

    Parameters
    ----------
    parameters
        Of every population.
    """
    if not catalogue.parameters.keys() >= set(NAMES):
        return
    added = [(e.concentration, n) for n, e in enumerate(bath) if e.agent == _AGENT]
    most, entry = max(added, default=(0.0, -1))
    for name, population in circuit.populations.items():
        if not (population.size and population.carries_calcium):
            continue
        own = catalogue.populations[name].parameters
        numbers = {key: (own.get(key) or catalogue.parameters[key]).si for key in NAMES}
        config = {**parameters, **population.parameters}
        numbers |= {key: config[key] for key in NAMES if key in config}
        rate = _rate(numbers, most)
        slow = numerics.slow_steps_per_second
        if rate <= _STABLE * slow:
            continue
        given = next((key for key in NAMES if key in config), None)
        where = f"circuit.populations.{name}.parameters.{given}"
        if given not in population.parameters:
            where = f"parameters.{given}" if given else SLOW
        if entry >= 0 and _rate(numbers, 0.0) <= _STABLE * slow:
            where = f"bath.{entry}.concentration"
        what = f"creatine kinase relaxes up to {rate:.0f} times a second in {name}"
        expected = f"at most {_STABLE * slow:g} at {slow} slow steps a second"
        hint = f"raise {SLOW} to {1 << int(rate / _STABLE).bit_length()}, or give less"
        yield wrong(
            where, what, expected, hint, (SLOW, "parameters", "circuit.populations", "bath")
        )
        return


def _rate(numbers: Mapping[str, float], applied: float) -> float:
    """Return the fastest relaxation of the kinase (1/s)."""
    creatine = numbers[_TOTAL] + numbers[_ADDED] * applied
    atp = numbers[_ATP]
    bound = numbers[_RATIO] * _LEAST_ADP * max(numbers[_ADENINE] - atp, 0.0)
    phosphorylated = creatine * atp / (atp + bound) if atp else 0.0
    held = numbers[_RATIO] * phosphorylated + creatine - phosphorylated
    return numbers[_KINASE] * (held + atp + bound)
