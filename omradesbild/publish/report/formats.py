"""The formats that a meeting document can be written in. Each imports its library when it is asked for."""

from __future__ import annotations

from collections.abc import Callable

from omradesbild.publish.document import Document


def _pdf(document: Document) -> bytes:
    from omradesbild.publish.report.pdf import to_pdf

    return to_pdf(document)


#: format, which is also the file's ending → what writes it
FORMATS: dict[str, Callable[[Document], bytes]] = {"pdf": _pdf}
