"""Keep what was worked out for the next who asks: much of a city's, and little of a country's, which would fill gigabytes."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any

#: From so many areas an answer is a large one.
LARGE = 1_000


def kept(small: int, large: int, areas: Callable[[Any], int] = lambda statements: len(statements.pack.areas)) -> Callable:
    """Return a decorator that keeps the latest answers of a function, as `functools.lru_cache` does.

    Parameters
    ----------
    small, large
        How many answers are kept that are about few areas, and about thousands.
    areas
        Tells of the first argument how many areas it has.
    """

    def keep(function: Callable) -> Callable:
        few, many = lru_cache(small)(function), lru_cache(large)(function)

        @wraps(function)
        def answer(about: Any, *more: Any, **named: Any) -> Any:
            return (many if areas(about) >= LARGE else few)(about, *more, **named)

        answer.cache_clear = lambda: (few.cache_clear(), many.cache_clear())
        return answer

    return keep
