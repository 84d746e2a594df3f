"""Statistics over the living cells of a population."""

from __future__ import annotations

import numpy as np

from unshielded.arrays import Array, Integers, Mask


def of_living(values: Array, lives: Mask) -> tuple[Array, Array, Array]:
    """Return mean, 5th and 95th percentile over the living, at each time.

    Parameters
    ----------
    values, lives
        [time, cell].

    Returns
    -------
    tuple of array
        [time]; not a number where nobody lives. Percentiles are interpolated linearly.
    """
    if lives.all():
        low, high = np.percentile(values, (5, 95), axis=1)
        return values.mean(axis=1), low, high
    count = lives.sum(axis=1)
    some = count > 0
    total = np.where(lives, values, 0.0).sum(axis=1)
    mean = np.divide(total, count, out=np.full(len(values), np.nan), where=some)
    # not a number comes last, and is all there is in a row without any that lives
    ordered = np.sort(np.where(lives, values, np.nan), axis=1)
    low, high = (_at(ordered, count, part) for part in (0.05, 0.95))
    return mean, low, high


def _at(ordered: Array, count: Integers, part: float) -> Array:
    last = np.maximum(count - 1, 0)
    place = part * last
    below = np.floor(place).astype(np.int64)
    rows = np.arange(len(ordered))
    low, high = ordered[rows, below], ordered[rows, np.minimum(below + 1, last)]
    found: Array = low + (high - low) * (place - below)
    return found


def while_living(block: Array, lives: Mask, before: Array) -> Array:
    """Return values that stay, from a cell's death or loss on, as they were when it last lived.

    Parameters
    ----------
    block
        [time, variable, cell].
    lives
        [time, cell].
    before
        What the cells had in the row before, [variable, cell].
    """
    if lives.all():
        return block
    rows = np.where(lives, np.arange(1, len(block) + 1)[:, None], 0)
    latest = np.maximum.accumulate(rows, axis=0)  # 0: not since the block began
    whole = np.concatenate([before[None], block])
    return np.take_along_axis(whole, latest[:, None, :], axis=0)
