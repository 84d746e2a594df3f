"""A small made-up model to name in configs, so that their tests do not need the real one."""

from collections.abc import Mapping
from typing import NamedTuple

from unshielded.config import Catalogue
from unshielded.mechanism import Parameter


class FakePopulation(NamedTuple):
    """What a config may change in a population."""

    size: int
    carries_calcium: bool
    parameters: Mapping[str, Parameter] = {}
    region: str = "cord"


class FakePathway(NamedTuple):
    """What a config may change in a pathway."""

    in_degree: int
    weight: float
    delay: float


def _parameter(
    name: str, value: float, unit: str, low: float, high: float, *, per_cell: bool
) -> Parameter:
    return Parameter(
        name,
        value,
        unit,
        f"made-up {name}",
        "assumed",
        rationale="a test",
        per_cell=per_cell,
        low=low,
        high=high,
    )


CATALOGUE = Catalogue(
    {
        p.name: p
        for p in (
            _parameter("buffer_capacity", 100, "", 1, 1000, per_cell=True),
            _parameter("leak_conductance", 10, "nS", 0.1, 1000, per_cell=True),
            _parameter("mcu_maximum_rate", 2, "mM/s", 0, 100, per_cell=False),
            _parameter("resting_potential", -65, "mV", -100, -40, per_cell=True),
        )
    },
    {
        "pyramidal": FakePopulation(40, True),
        "motor_fr": FakePopulation(10, True),
        "pv": FakePopulation(10, False),
    },
    {
        "pyramidal_to_motor_fr": FakePathway(4, 1.0, 0.005),
        "pv_to_pyramidal": FakePathway(3, 2.0, 0.0015),
    },
    {"blocker": "membrane"},
)

GOOD = """\
name: interneuron_loss
description: half of the interneurons go
duration: 360 s
seed: 7
numerics: {fast_steps_per_second: 8192, slow_steps_per_second: 1024}
circuit:
  populations:
    pyramidal: {size: 20, carries_calcium: true, parameters: {buffer_capacity: 80}}
  pathways:
    pyramidal_to_motor_fr: {in_degree: 5, weight: 1.5, delay: 4 ms}
  interneuron_loss: {loss: 0.5, from: 60 s, until: 300 s}
  heterogeneity: 1.0
drive:
  command: sustained
  level: 1.0
  from: 0 s
  until: null
  ramp: 0.5 s
  frequency: 1 Hz
  duty: 0.5
glutamate: {eaat2: 1.0}
parameters: {mcu_maximum_rate: 3 mM/s, resting_potential: -70 mV}
record:
  interval: 1 s
  spikes: true
  neurons: 3
  membrane: {neurons: 3, interval: 1 ms, from: 0 s, until: 2 s}
sweep:
  grid: {glutamate.eaat2: [0, 0.5, 1.0]}
  seeds: [1, 2]
"""
