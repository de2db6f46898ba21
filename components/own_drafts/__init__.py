"""Which drafts this browser has made or opened: their keys, kept in the browser and nowhere else."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from components.assets import component
from omradesbild import drafts

_NAME = "own_drafts"
_memory = component(_NAME, js=Path(__file__).with_name("own_drafts.js"))


def remember() -> None:
    """Let the browser tell which keys it has kept, and keep those of this session; once on a page."""
    _memory(data={"keys": _session()}, key=_NAME, on_kept_change=lambda: None)


def add(key: str) -> None:
    """Keep the key of a draft that the reader has made or opened."""
    if key not in _session():
        _session().insert(0, key)


def known() -> list[str]:
    """Return the keys that this session or this browser has kept, the newest first; what they open may be gone."""
    told = st.session_state.get(_NAME) or {}
    kept = told.get("kept") or ()
    return list(dict.fromkeys([*_session(), *(key for key in kept if isinstance(key, str) and drafts.is_key(key))]))


def _session() -> list[str]:
    return st.session_state.setdefault(f"{_NAME}_session", [])
