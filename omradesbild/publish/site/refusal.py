"""What an edition is refused with, in the language of whoever asked."""

from __future__ import annotations

from omradesbild.words import t


class EditionError(Exception):
    """An edition cannot be published or shown. `code` is a text under ``publish.refused``; `values` are named in it.

    Attributes
    ----------
    values : dict
        The same in all languages: names, places, numbers.
    """

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code, self.values = code, values

    def __str__(self) -> str:
        return self.text("sv")

    def text(self, lang: str) -> str:
        """Say what was found and what to do."""
        return t(f"publish.refused.{self.code}", lang, **self.values)
