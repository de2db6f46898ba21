"""The panel that tells what may have come from the sources since the pack was made."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import streamlit as st

from components import tables
from components.engine import common
from components.state import lang
from omradesbild.analyse.freshness import Freshness, freshness
from omradesbild.analyse.statements import Statements
from omradesbild.publish import renewals
from omradesbild.words import t


def panel() -> None:
    """Show what may have come, and what is expected when."""
    st.header(t("fresh.title", lang()), anchor=False)
    found = _found(common().statements, today())
    if not found:
        st.html(f'<p class="ob-lead">{t("fresh.no_cycle", lang())}</p>')
        return
    st.html(f'<p class="ob-lead">{renewals.sentence(found, lang())} {t("fresh.honest", lang())}</p>')
    may, later = (renewals.table(found, part, lang()) for part in renewals.PARTS)
    if may.rows:
        tables.block(may)
    if later.rows:
        st.html(f"<details><summary>{tables.markup(later.caption)}</summary>{tables.block_html(later)}</details>")


def today() -> date:
    """Return the day that it is."""
    return date.today()


@lru_cache(maxsize=2)
def _found(statements: Statements, day: date) -> list[Freshness]:
    return freshness(statements, day)
