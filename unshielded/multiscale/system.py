r"""The equations of a cell between two windows, for many cells at once.

They are those of :data:`unshielded.calcium.CELL` and of :data:`unshielded.degeneration.CELL`, as they are written, in one system
without a time step. What spikes bring in is held at its measured mean (:mod:`unshielded.multiscale.loads`),
with two closures:

- Sodium that enters through conductances follows its driving force:
  :math:`J = \bar J\,(E_{Na}(t) - \bar V)/\bar D` with the driving force :math:`\bar D` of the window.
- Bursts take up more calcium than their mean does. The uniporter's flux is :math:`g\,J_{MCU}(c, \Delta\Psi)`,
  with :math:`g = \langle J_{MCU}\rangle / J_{MCU}(\langle c\rangle, \langle\Delta\Psi\rangle)` measured in the
  window, cell by cell, and constant until the next.

Slow states act on the cell through factors of its parameters, within the same system. What they are told
of the cell are running means, :math:`\tau\,\dot{\bar x} = x - \bar x` with :math:`\tau` of a minute: short for
them, and long enough that a demand which depends on itself through them has an answer.

The fibres without a junction in a muscle, which all its cells share, follow
:math:`\dot o = a - b\,o`, with the loss :math:`a` and the rate of adoption :math:`b` of the pool at the
last window (:mod:`unshielded.multiscale.pools`).
"""

from __future__ import annotations

from functools import cache

from unshielded import calcium, degeneration
from unshielded.mechanism import Mechanism, MechanismError
from unshielded.mechanism.expression import Expression, Number, parse
from unshielded.mechanism.model import add_up
from unshielded.mechanism.ode import Ode, ode
from unshielded.model import slow_models
from unshielded.numerics.batched import System, of_ode

#: The flux that bursts multiply, and by what.
CLOSED, GAIN = "mcu_flux", "burst_gain"

#: Entry pathways of sodium that follow its driving force; their measured rates are ``mean_<pathway>``.
ENTRY_PATHWAYS = ("leak_sodium_entry", "synaptic_sodium_entry")
DRIVING_FORCE = "mean_sodium_drive"

#: Set by hand: a cell that is integrated lives.
CONSTANT = {"alive": 1.0, "averaging_time": 60.0}

#: What the slow states are told of a cell → the line of its system that says it.
LOADS = {
    "mean_ros": "ros",
    "mean_atp": "atp",
    "mean_calcium": "calcium",
    "mean_atp_use": "atp_use",
    "mean_atp_capacity": "supply_capacity",
    "mean_polarised_fraction": "polarised_fraction",
}

AGE, ORPHANS = "age", "orphan_fibres"
DEATHS = calcium.FATES


#: Lines that are of use besides the rates.
OUTPUTS = tuple(
    dict.fromkeys(
        [
            *LOADS.values(),
            "sodium_potential",
            "mean_mitochondrial_potential",
            f"{CLOSED}_of_mean",
            *degeneration.RECORDED_LINES,
            *(f"factor_{name}" for name in degeneration.FACTORS),
            *(
                name
                for name in (*degeneration.FACTORS, *degeneration.ADDED)
                if name in calcium.PARAMETERS
            ),
        ]
    )
)


@cache
def system() -> System:
    """Return the system of this model's cells, made once."""
    return of_ode(equations(), OUTPUTS)


def equations() -> Ode:
    """Return the equations of a cell between windows, slow states included."""
    inside = tuple(m for m in calcium.CELL if not m.observes)
    mechanisms: tuple[Mechanism, ...] = (*inside, *calcium.BATH, *degeneration.CELL)
    slow_models()  # checks what is joined here with the cell
    found = add_up(mechanisms, {**calcium.BALANCES, **degeneration.BALANCES})
    rates, named = dict(found.rates), dict(found.named)
    for stem in calcium.AGENTS.values():
        del rates[f"{stem}_bath"]  # drugs enter within a minute: at their concentration
    rates[AGE] = Number(1.0)
    for name in degeneration.LOADS:
        if name in LOADS:
            rates[name] = parse(f"({LOADS[name]} - {name})/averaging_time")
        elif name not in (AGE, "firing_rate"):
            raise MechanismError(f"degeneration reads the load {name!r}, which cells do not give")
    for name in degeneration.POOL:
        if name != ORPHANS:
            raise MechanismError(f"degeneration reads {name!r} of a pool, which pools do not give")
        rates[name] = parse("orphan_source - orphan_adoption*orphan_fibres")
    named["mean_mitochondrial_potential"] = parse("(1 - pore_open)*mitochondrial_potential")
    for pathway in ENTRY_PATHWAYS:
        named[pathway] = parse(
            f"mean_{pathway}*(sodium_potential - membrane_potential)/{DRIVING_FORCE}"
        )
    named[f"{CLOSED}_of_mean"] = named[CLOSED]
    named[CLOSED] = parse(f"{GAIN}*{CLOSED}_of_mean")
    named |= changed()
    return ode(rates, named, OUTPUTS)


def changed() -> dict[str, Expression]:
    """Lines for what slow states change: factors, and parameters of cells.

    A parameter is made of its own value, ``own_<name>``.
    """
    lines = {f"factor_{name}": text for name, text in degeneration.FACTORS.items()}
    for name in dict.fromkeys([*degeneration.FACTORS, *degeneration.ADDED]):
        if name in calcium.PARAMETERS:
            own = f"own_{name}*factor_{name}" if name in degeneration.FACTORS else f"own_{name}"
            lines[name] = (
                f"{own} + ({degeneration.ADDED[name]})" if name in degeneration.ADDED else own
            )
        elif name in degeneration.ADDED:
            raise MechanismError(
                f"degeneration adds to {name!r}, which is not a parameter of a cell"
            )
    return {name: parse(text) for name, text in lines.items()}
