"""Launcher: headers, language and compressed files; hands over to components/shell.py.

An ``st.App`` whose script lies in components/ keeps Streamlit from finding pages/ by itself, which would serve
pages without the router (dead deep links, and no gate in front of them).
"""

import streamlit as st

from components.server import middleware

app = st.App("components/shell.py", middleware=middleware())
