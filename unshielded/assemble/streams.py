"""Named random streams: every use of chance has its own, derived from the seed and a name."""

from __future__ import annotations

import hashlib

import numpy as np


def stream(seed: int, *name: str) -> np.random.Generator:
    """Return the generator of a name.

    Streams of different names are independent; none moves because another is used more or
    less, so a lesion or an added population leaves every other draw as it was.
    """
    digest = hashlib.sha256("/".join(name).encode()).digest()
    words = np.frombuffer(digest, dtype="<u4")
    return np.random.default_rng(np.random.SeedSequence([seed, *(int(w) for w in words)]))
