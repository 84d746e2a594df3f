"""Of what a neuron dies. Beside the mechanisms, for files and figures load without them."""

from typing import Final

#: States of which a cell dies when one reaches 1, in the order of ``death_mode`` from 1 on.
FATES: Final = ("necrosis", "apoptosis", "proteolysis")

#: A living cell is doomed if most of its mitochondria have an open pore, or if it has less ATP than
#: this share of what it had at the start.
MOST_PORES: Final = 0.5
OUT_OF_ATP: Final = 0.05
