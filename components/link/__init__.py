"""The button that copies the link of the view."""

from pathlib import Path

from components.assets import component
from omradesbild.words import t

_button = component("copy_link", js=Path(__file__).with_name("link.js"), css=Path(__file__).with_name("link.css"))


def copy_button(lang: str) -> None:
    """Offer the reader a copy of the page's address, which holds the whole view."""
    words = {"label": "copy_link", "copied": "copied", "failed": "copy_failed"}
    _button(data={name: t(f"nav.{key}", lang) for name, key in words.items()}, key="copy_link", height="content")
