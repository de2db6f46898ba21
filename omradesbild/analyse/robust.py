"""Robust z-values: how far a figure is from the middle, measured so that a few extreme areas do not rule."""

from __future__ import annotations

import numpy as np

#: Makes the median absolute deviation of a normal distribution its standard deviation: 1 / Φ⁻¹(¾).
MAD_TO_SD = 1.482602218505602
#: The same for the mean absolute deviation: √(π / 2).
MEAN_TO_SD = 1.2533141373155001


def robust_z(values: np.ndarray) -> np.ndarray:
    """Return distances from the median in units of the spread.

    ``z = (x − median) / (1.4826 MAD)``, MAD = median |x − median|. Where more than half of the values are
    equal MAD is 0, and the spread is 1.2533 × the mean absolute deviation from the median. Where all
    are equal nobody differs: z = 0.

    Parameters
    ----------
    values : array of float, shape (…, areas)
        Complete values, one set or one set per row.

    Returns
    -------
    array of float, the shape of `values`

    References
    ----------
    Iglewicz & Hoaglin 1993, How to Detect and Handle Outliers, p. 11–13 (the fallback too).
    """
    if values.shape[-1] == 0:
        return values
    distance = values - np.median(values, axis=-1, keepdims=True)
    mad = MAD_TO_SD * np.median(np.abs(distance), axis=-1, keepdims=True)
    mean = MEAN_TO_SD * np.abs(distance).mean(axis=-1, keepdims=True)
    spread = np.where(mad > 0, mad, mean)
    return np.divide(distance, spread, out=np.zeros_like(distance), where=spread > 0)
