"""The formats that a meeting document can be written in. Each imports its library when it is asked for."""

from __future__ import annotations

from collections.abc import Callable

from omradesbild.publish.document import Document


def _pdf(document: Document) -> bytes:
    from omradesbild.publish.report.pdf import to_pdf

    return to_pdf(document)


def _docx(document: Document) -> bytes:
    from omradesbild.publish.report.docx import to_docx

    return to_docx(document)


def _pptx(document: Document) -> bytes:
    from omradesbild.publish.report.pptx import to_pptx

    return to_pptx(document)


def _xlsx(document: Document) -> bytes:
    from omradesbild.publish.report.xlsx import to_xlsx

    return to_xlsx(document)


def _html(document: Document) -> bytes:
    from omradesbild.publish.report.html import to_html_file

    return to_html_file(document)


#: format, which is also the file's ending → what writes it
FORMATS: dict[str, Callable[[Document], bytes]] = {
    "pdf": _pdf,
    "docx": _docx,
    "pptx": _pptx,
    "xlsx": _xlsx,
    "html": _html,
}
