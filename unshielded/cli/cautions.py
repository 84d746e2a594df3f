"""What is allowed, and yet should be known before a run is begun."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING, Final

from unshielded.cli.output import log

if TYPE_CHECKING:
    from unshielded.config import Config

#: The smallest `circuit.scale` at which rates were measured and found near those at 1
#: (docs/config.md, Size).
SMALLEST_SCALE: Final = 0.5

#: Of a sweep, so many runs are looked at.
_MOST_RUNS = 100


def caution(configs: Iterable[Config]) -> None:
    """Print each caution that any of some runs gives, once."""
    for text in dict.fromkeys(t for each in islice(configs, _MOST_RUNS) for t in cautions(each)):
        log(f"note: {text}")


def cautions(config: Config) -> list[str]:
    """Return what should be known of a run: so far, of a circuit that is scaled down too far.

    Its populations are smaller than in-degrees ask for, those of interneurons above all. The fewer synapses are
    stronger, so mean inputs stay, but neurons share more of their inputs and fluctuate together.
    """
    circuit = config.circuit
    if config.culture is not None or circuit.scale >= SMALLEST_SCALE:
        return []
    return [
        f"circuit.scale is {circuit.scale:g}: below {SMALLEST_SCALE:g} interneurons and motor neurons fire "
        "faster, and neurons together (docs/config.md, Size); compare only runs of one scale"
    ]
