"""What Streamlit itself says in its lists and its file uploader, and of the way past the menu, in the page's language.

Streamlit has no setting for it. The words are exchanged in its scripts as they are served, each in its place; a test
holds that every one of them is there, once.
"""

from __future__ import annotations

import re
from pathlib import Path

from omradesbild.words import t

#: An expression: what the server or one before it answers, in words of its own. Ours takes its place in both languages.
_ANSWERED = "errorMessage:"
#: Script → what stands before the words, the words, what stands after them, and ours below ``streamlit`` in the texts.
WORDS = {
    "index": (("`", "Skip to main content", "`", "skip"),),
    "Selectbox": (
        ("`", "No results", "`", "no_hits"),
        ("`", "Clear value", "`", "clear"),
        ("`", "Open", "`", "open"),
    ),
    "Multiselect": (
        ("}return`", "No results", "`}", "no_hits"),
        ("return`", "You can only select up to ${t.maxSelections} ${e}. Remove an option first.", "`", "no_more"),
        ("`", "Selected values", "`", "selected"),
        ("`", "Remove ${e}", "`", "remove"),
        ("`", "Clear all", "`", "clear_all"),
        ("`", "Open", "`", "open"),
    ),
    "TextInput": (("`", "Clear entry", "`", "clear"),),
    "FileUploader": (
        ("`", "Upload", "`", "choose"),
        ("`", "Drag and drop a file here", "`", "drop"),
        ("`", "Add files", "`", "another"),
        (" ", "per file", "`", "per_file"),
        (_ANSWERED, "P(e)", "}", "refused"),
        (_ANSWERED, "te(e).message", "}", "refused"),
    ),
    "utils": (
        ("`", "file upload", "`", "file"),
        ("`", "Remove ${e.name}", "`", "remove"),
        ("`", "Cancel upload of ${e.name}", "`", "cancel"),
        ("`", "Error:", " `", "fault"),
        ("return`", "File must be", " ${", "at_most"),
        (" ", "or smaller.", "`", "or_smaller"),
        (" ", "files are not allowed.", "`", "not_allowed"),
        ("`", "File size is too small.", "`", "empty"),
        ("`", "Only one file is allowed.", "`", "only_one"),
        ("`", "Unexpected error. Please try again.", "`", "failed"),
    ),
}


def spoken(path: Path) -> bytes:
    """Return a file of Streamlit's as it is to be served."""
    script = path.read_bytes()
    if path.suffix != ".js":
        return script
    for before, words, after, key in WORDS.get(path.name.partition(".")[0], ()):
        hole = next(iter(re.findall(r"\$\{.+?\}", words)), "")
        english, swedish = (t(f"streamlit.{key}", lang, name=hole, number=hole) for lang in ("en", "sv"))
        said = f"(document.documentElement.lang===`en`?`{english}`:`{swedish}`)"
        if before == _ANSWERED:
            ours = f"{before}{said}{after}"
        else:
            ours = said if before == after == "`" else f"{before}${{{said}}}{after}"
        script = script.replace(f"{before}{words}{after}".encode(), ours.encode())
    return script
