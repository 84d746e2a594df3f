"""The types of arrays, named once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Real numbers in double precision.
Array = NDArray[np.float64]

#: Places in another array, counts, keys and codes.
Integers = NDArray[np.int64]

#: One truth value per element, mostly of neurons.
Mask = NDArray[np.bool_]

#: Of any element type.
AnyArray = NDArray[Any]
