"""What stands around every page: the pack's name, what went wrong with a link, where figures come from."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components.engine import Engine
from components.permalink import Problem
from components.state import commit, lang
from omradesbild.pack import Report
from omradesbild.words import t


def header(loaded: Engine) -> None:
    """Say which city and data this is; loudly so when the figures are made up."""
    if loaded.pack.info.demonstration:
        st.html(f'<div class="ob-demo" role="note">{t("demo.banner", lang())}</div>')
    if loaded.refused is not None:
        st.warning(t("pack.refused", lang(), version=loaded.pack.info.version))
        with st.expander(t("pack.report", lang())):
            st.text(loaded.refused.text())


def link_problems(problems: Sequence[Problem]) -> None:
    """Tell the reader which parts of a link could not be honoured."""
    if problems:
        lines = [t(f"link.{p.code}", lang(), found=p.found, used=p.used or "–") for p in problems]
        st.warning("\n".join([t("link.intro", lang()), *[f"- {line}" for line in lines]]))


def footer(loaded: Engine) -> None:
    """Name the data, its version, its sources of borders, and offer the other language."""
    info = loaded.pack.info
    st.html(
        '<footer class="ob-footer">'
        + t(
            "footer.text",
            lang(),
            title=info.title.get(lang()),
            version=info.version,
            attribution=" · ".join(info.attributions),
        )
        + "</footer>"
    )


def unreadable_pack(report: Report) -> None:
    """Show a clear page when there is no pack to show."""
    st.title(t("pack.none_title"))
    st.markdown(t("pack.none_text"))
    st.text(report.text())


def language_switch(view) -> None:
    """Offer the other language as a button; the view stays the same."""
    other = "en" if view.lang == "sv" else "sv"
    if st.button(t("nav.other_language", view.lang), key="language", type="tertiary"):
        commit(view, lang=other)
        st.rerun()
