"""The formats that a meeting document can be written in. Each imports its library when it is asked for.

Those that are written piece by piece tell how far they have come; a PDF is set as a whole and a page is quick.
"""

from __future__ import annotations

from typing import Protocol

from omradesbild.publish.document import Document
from omradesbild.publish.report.order import Progress, silent


class Write(Protocol):
    """Writes a document as a file, telling `progress` how far it has come."""

    def __call__(self, document: Document, progress: Progress = silent) -> bytes:
        """Return the file."""


def _pdf(document: Document, progress: Progress = silent) -> bytes:
    from omradesbild.publish.report.pdf import to_pdf

    return to_pdf(document)


def _docx(document: Document, progress: Progress = silent) -> bytes:
    from omradesbild.publish.report.docx import to_docx

    return to_docx(document, progress)


def _pptx(document: Document, progress: Progress = silent) -> bytes:
    from omradesbild.publish.report.pptx import to_pptx

    return to_pptx(document, progress)


def _xlsx(document: Document, progress: Progress = silent) -> bytes:
    from omradesbild.publish.report.xlsx import to_xlsx

    return to_xlsx(document, progress)


def _html(document: Document, progress: Progress = silent) -> bytes:
    from omradesbild.publish.report.html import to_html_file

    return to_html_file(document)


#: format, which is also the file's ending → what writes it
FORMATS: dict[str, Write] = {
    "pdf": _pdf,
    "docx": _docx,
    "pptx": _pptx,
    "xlsx": _xlsx,
    "html": _html,
}
