"""An area's place among the basic areas."""

from __future__ import annotations

import numpy as np
import pandas as pd


def places(value: np.ndarray, key: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rank values within each key, 1 for the highest.

    Equal values share the best of their places (competition ranking: 1, 2, 2, 4).

    Parameters
    ----------
    value : array of float
        NaN has no place and is not counted.
    key : array of int
        What is ranked together.

    Returns
    -------
    place, of : arrays of float
        The place, and how many have one. NaN where there is no value.
    """
    groups = pd.Series(value).groupby(key, sort=False)
    place = groups.rank(method="min", ascending=False).to_numpy()
    of = groups.transform("count").to_numpy(dtype=float)
    return place, np.where(np.isnan(place), np.nan, of)
