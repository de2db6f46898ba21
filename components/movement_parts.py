"""How figures have moved, in words, with the rule and the numbers behind them folded away."""

from __future__ import annotations

from collections.abc import Sequence

from components.engine import engine
from components.state import lang
from components.tables import markup
from omradesbild.publish import movement
from omradesbild.words import t


def said(areas: Sequence[str], indicator: str, group: str) -> str:
    """Return what is said about how a figure has moved in each area, as markup; empty where nothing is."""
    loaded = engine()
    found = [(loaded.pack.areas[a].name, movement.of(loaded.statements, a, indicator, group)) for a in areas]
    return "".join(_of_one(name if len(areas) > 1 else "", m) for name, m in found if m is not None)


def _of_one(name: str, m: movement.Movement) -> str:
    title = f"<b>{markup(name)}.</b> " if name else ""
    lines = movement.sentences(m, lang())
    text = "".join(f"<p>{title if n == 0 else ''}{markup(line)}</p>" for n, line in enumerate(lines))
    return f'<div class="ob-said">{text}{unfold(movement.rules(m, lang()), name)}</div>'


def unfold(lines: Sequence[str], about: str) -> str:
    """Return lines folded away under "Visa regel och beräkning"; `about` tells one such from another."""
    if not lines:
        return ""
    hidden = f'<span class="ob-hidden">: {markup(about)}</span>' if about else ""
    items = "".join(f"<p>{markup(line)}</p>" for line in lines)
    return f"<details><summary>{t('movement.show_rule', lang())}{hidden}</summary>{items}</details>"
