"""Launcher: headers, language and compressed files; hands over to components/shell.py.

An ``st.App`` whose script lies in components/ keeps Streamlit from finding pages/ by itself, which would serve
pages without the router (dead deep links, and no gate in front of them).
"""

import threading
from contextlib import asynccontextmanager

import streamlit as st

from components.server import middleware


def read_pack() -> None:
    """Read the pack before the first reader needs it; what is wrong with it is told on the page."""
    from components.engine import engine
    from omradesbild.pack import PackError

    try:
        engine()
    except PackError:
        return


@asynccontextmanager
async def warm(_app):
    """Read the pack in the background while the first browser fetches its scripts."""
    threading.Thread(target=read_pack, name="read-pack", daemon=True).start()
    yield


def tell(error: Exception) -> bool:
    """Show a readable page instead of Streamlit's English one; the log has the rest."""
    from components.notices import failed

    return failed(error)


app = st.App("components/shell.py", middleware=middleware(), lifespan=warm, on_script_error=tell)
