"""What collecting says when it cannot go on: where, what was found, what was expected and what to do."""

from __future__ import annotations


class CollectError(Exception):
    """Something from outside cannot be used. Each text is Swedish and ends without a full stop.

    Attributes
    ----------
    place
        Where: an address, or a file with sheet, row or column.
    found, expected
        What was there, and what should have been.
    remedy
        What a person can do about it.
    """

    def __init__(self, place: str, found: str, expected: str, remedy: str) -> None:
        super().__init__(f"{place}: hittade {found}; väntade {expected}. {remedy}.")
        self.place, self.found, self.expected, self.remedy = place, found, expected, remedy


def written(value: float, form: str = ".12g") -> str:
    """Write a number for a person: with a decimal comma, and as it is unless a form is given.

    Examples
    --------
    >>> written(10.25), written(10551707), written(10.25, "+.1f")
    ('10,25', '10551707', '+10,2')
    """
    return f"{value:{form}}".replace(".", ",")
