"""What is kept for the next who asks: the latest answers, few of them where they are large, and none when all is given up."""

from __future__ import annotations

from omradesbild.analyse.kept import LARGE, kept


def test_few_large_answers_are_kept_and_many_small_ones() -> None:
    asked = []

    @kept(small=3, large=1, areas=len)
    def answer(about: tuple, number: int) -> int:
        asked.append((len(about), number))
        return number

    few, many = (0,) * 91, (0,) * LARGE
    for about, numbers in ((few, (1, 2, 3)), (many, (1, 2))):
        for number in numbers * 2:
            assert answer(about, number) == number
    assert asked == [(91, 1), (91, 2), (91, 3), *((LARGE, n) for n in (1, 2, 1, 2))], "of the large only the latest is kept"
    answer.cache_clear()
    answer(few, 1), answer(many, 2)
    assert asked[-2:] == [(91, 1), (LARGE, 2)]
