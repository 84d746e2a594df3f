"""Of what a neuron dies. Beside the mechanisms, for files and figures load without them."""

from typing import Final

#: States of which a cell dies when one reaches 1, in the order of ``death_mode`` from 1 on.
FATES: Final = ("necrosis", "apoptosis", "proteolysis")
