"""Work through a large table in pieces: all that is needed on the way at once would fill gigabytes for a country."""

from __future__ import annotations

import itertools

import numpy as np

#: About so many rows are worked through at a time.
AT_A_TIME = 200_000


def pieces(key: np.ndarray) -> list[slice]:
    """Cut sorted keys into pieces of about `AT_A_TIME` rows, never within a key.

    Examples
    --------
    >>> pieces(np.array([1, 1, 2]))
    [slice(0, 3, None)]
    """
    ends = np.searchsorted(key, key[AT_A_TIME::AT_A_TIME])
    ends = np.unique([0, *ends, len(key)]).tolist()
    return [slice(*ends) for ends in itertools.pairwise(ends)] or [slice(0, 0)]
