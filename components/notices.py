"""What stands around every page: the pack's name, what went wrong with a link, where figures come from."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlencode

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import Page

from components import controls, link
from components.engine import Engine, engine
from components.page_list import GROUPS, PAGES
from components.state import begin, lang
from components.tables import markup, plain
from omradesbild import find
from omradesbild.link import Problem, to_params
from omradesbild.pack import Report
from omradesbild.words import t

MOST_PROBLEMS, MOST_CHARACTERS = 10, 60  # of a link that are shown


def header(loaded: Engine) -> tuple[DeltaGenerator, DeltaGenerator]:
    """Name the app, offer the link of the view and say which data this is.

    Returns
    -------
    The places of the menu and of the link to the other language, to be filled when the view is known.
    """
    with st.container(key="header", horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.html(f'<p class="ob-brand">{markup(loaded.pack.info.title.get(lang()))}</p>', width="content")
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            link.copy_button(lang())
            place = st.empty()
    if loaded.pack.kommuner:
        controls.kommun()
    pages = st.container(key="menu", horizontal=True, gap="medium")
    if loaded.pack.info.demonstration:
        st.html(f'<div class="ob-demo" role="note">{markup(t("demo.banner", lang()))}</div>')
    if loaded.refused is not None:
        st.warning(t("pack.refused", lang(), version=loaded.pack.info.version))
        with st.expander(t("pack.report", lang())):
            st.text(loaded.refused.text())
    return pages, place


def menu(place: DeltaGenerator, pages: Mapping[str, Page]) -> None:
    """Link to the pages, by id, under the headings of the menu.

    Each link carries the whole view, so that areas and indicator come along, but not a draft: its link is for its makers.
    """
    params = to_params(replace(begin(), draft=""), engine().pack)
    for group in GROUPS:
        row = place.container(key=f"menu_{group}", horizontal=True, vertical_alignment="center", width="content", gap="xxsmall")
        row.html(f'<p class="ob-menu">{markup(t(f"nav.group_{group}", lang()))}</p>', width="content")
        for entry in PAGES:
            if entry.group == group:
                row.page_link(pages[entry.id], label=t(f"nav.{entry.id}", lang()), query_params=params)


def language_link(place: DeltaGenerator) -> None:
    """Link to the same view in the other language; a real link, so that the page's own language follows."""
    view = begin()
    other = "en" if view.lang == "sv" else "sv"
    address = "?" + urlencode(to_params(replace(view, lang=other), engine().pack))
    text = f'<a href="{markup(address)}" target="_self" lang="{other}" hreflang="{other}">'
    place.html(f'<p class="ob-language">{text}{t("nav.other_language", view.lang)}</a></p>', width="content")


def link_problems(problems: Sequence[Problem]) -> None:
    """Tell the reader which parts of a link could not be honoured."""
    if problems:
        lines = [_problem(problem) for problem in problems[:MOST_PROBLEMS]]
        lines += ["…"] * (len(problems) > MOST_PROBLEMS)
        st.warning("\n".join([t("link.intro", lang()), *[f"- {line}" for line in lines]]))


def _problem(problem: Problem) -> str:
    """Say one problem; what stood in the link may be anything, so it is shortened and kept from being markup."""
    found = problem.found
    if len(found) > MOST_CHARACTERS:
        found = found[:MOST_CHARACTERS] + "…"
    said = t(f"link.{problem.code}", lang(), found=plain(found), used=plain(_named(problem.used)))
    meant = find.search(problem.found, engine().pack.areas.values(), limit=1) if problem.code == "area" else []
    return said + (" " + t("link.meant", lang(), name=plain(meant[0].area.name)) if meant else "")


def _named(used: str) -> str:
    """Return what is shown instead in words: an indicator by its title, anything else as it is."""
    indicator = engine().pack.indicators.get(used)
    return indicator.title.get(lang()) if indicator else used or "–"


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


def refused(*reasons: object, lead: str = "") -> None:
    """Say why something cannot be done. The reasons are Swedish: among other words they stand apart and are heard as such."""
    if lang() == "sv":
        told = [plain(str(reason)) for reason in reasons]
        st.error(f"{lead}\n\n" + "\n".join(f"- {line}" for line in told) if lead else "\n\n".join(told))
        return
    st.error(f"{lead or t('error.refused', lang())} {t('error.in_swedish', lang())}")
    st.html(f'<ul lang="sv">{"".join(f"<li>{markup(str(reason))}</li>" for reason in reasons)}</ul>')


def failed(error: Exception) -> bool:
    """Tell the reader that something went wrong, in words; always returns True: it has been told."""
    logging.getLogger(__name__).error("a page failed", exc_info=error)
    st.error(t("error.text", lang()))
    return True


def unreadable_pack(report: Report) -> None:
    """Show a clear page when there is no pack to show."""
    st.title(t("pack.none_title"), anchor=False)
    st.markdown(t("pack.none_text"))
    st.text(report.text())
