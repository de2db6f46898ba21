"""The frame around every page: the list of pages, the header, notices about the link, the footer."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from components import notices, state
from components.engine import common, engine
from components.page_list import PAGES
from omradesbild.pack import PackError
from omradesbild.words import speak_of, t

STYLE = Path(__file__).with_name("style.css")
PAGE_WIDTH = 1240  # pixels; narrower windows have narrower pages


def main() -> None:
    """Draw the frame and hand over to the page that was asked for."""
    st.set_page_config(layout="wide")
    st.html(STYLE)
    try:
        common()
    except PackError as error:
        notices.unreadable_pack(error.report)
        st.stop()
    lang = state.begin().lang
    loaded = engine()
    speak_of(loaded.pack.info)
    pages = {
        entry.id: st.Page(
            f"../pages/{entry.id}.py",
            title=f"{t(f'nav.{entry.id}', lang)} – {loaded.pack.info.title.get(lang)}",
            url_path="" if entry.default else entry.id,
            default=entry.default,
        )
        for entry in PAGES
    }
    page = st.navigation(list(pages.values()), position="hidden")
    state.enter(page.url_path)
    with st.container(horizontal=True, horizontal_alignment="center"), st.container(width=PAGE_WIDTH):
        menu, other_language = notices.header(loaded)
        notices.link_problems(state.problems())
        try:
            page.run()
        finally:
            state.write()
            notices.menu(menu, pages)
            notices.language_link(other_language)
            notices.footer(loaded)


main()
