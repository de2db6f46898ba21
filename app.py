"""Launcher: headers, language and compressed files; hands over to components/shell.py.

An ``st.App`` whose script lies in components/ keeps Streamlit from finding pages/ by itself, which would serve
pages without the router (dead deep links, and no gate in front of them).
"""

import threading

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


def tell(error: Exception) -> bool:
    """Show a readable page instead of Streamlit's English one; the log has the rest."""
    from components.notices import failed

    return failed(error)


threading.Thread(target=read_pack, name="read-pack", daemon=True).start()
app = st.App("components/shell.py", middleware=middleware(), on_script_error=tell)
