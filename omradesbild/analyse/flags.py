"""Flags as numbers: one bit per flag, so that the flags of many figures are joined at once."""

from __future__ import annotations

import numpy as np
import pandas as pd

from omradesbild.model import NO_VALUE, Flag

#: The bit of each flag, in the order in which flags are written.
BIT = {flag: np.uint8(1 << place) for place, flag in enumerate(Flag)}
NO_VALUE_BITS = np.uint8(sum(int(BIT[flag]) for flag in NO_VALUE))


def text_of(bits: int) -> str:
    """Return the flags in `bits` as text, separated by a space."""
    return " ".join(flag.value for flag in Flag if bits & BIT[flag])


#: Every possible combination as text: ``TEXTS[bits]``.
TEXTS = np.array([text_of(bits) for bits in range(1 << len(BIT))], dtype=object)


def bits_of(text: str) -> int:
    """Return the bits of flags written as text; the opposite of `text_of`."""
    return sum({int(BIT[Flag(code)]) for code in text.split()})


def to_bits(texts: pd.Series) -> np.ndarray:
    """Return the bits (uint8) of a column of flags; an empty cell is 0."""
    codes, different = pd.factorize(texts)
    table = np.array([*(bits_of(text) for text in different), 0], dtype=np.uint8)
    return table[codes]
