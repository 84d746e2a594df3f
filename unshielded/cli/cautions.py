"""What is allowed, and yet should be known before a run is begun."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING, Final

from unshielded.cli.output import log

if TYPE_CHECKING:
    from unshielded.config import Config

#: Scale → mean rate (Hz) of pyramidal neurons of the default circuit in a sustained contraction: means of 10 s
#: of three seeds, without what a model of a later version changes.
PYRAMIDAL_HZ: Final = {1.0: 12.6, 0.25: 14.5, 0.125: 16.1}

#: Of a sweep, so many runs are looked at.
_MOST_RUNS = 100


def caution(configs: Iterable[Config]) -> None:
    """Print each caution that any of some runs gives, once."""
    for text in dict.fromkeys(t for each in islice(configs, _MOST_RUNS) for t in cautions(each)):
        log(f"note: {text}")


def cautions(config: Config) -> list[str]:
    """Return what should be known of a run: so far, of a circuit that is scaled down.

    Its populations are smaller than in-degrees ask for, those of interneurons above all, so neurons get
    fewer synapses, of inhibition more than of excitation.
    """
    circuit = config.circuit
    if config.culture is not None or circuit.scale >= 1:
        return []
    measured = ", ".join(f"{hertz} at {scale:g}" for scale, hertz in PYRAMIDAL_HZ.items())
    return [
        f"circuit.scale is {circuit.scale:g}: below 1 neurons fire faster (pyramidal, Hz: {measured}); "
        "compare only runs of one scale"
    ]
