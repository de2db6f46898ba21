"""Files that a source offers whole: SCB's zips of tables, and any other content by its path."""

from __future__ import annotations

import io
import itertools
import zipfile
from collections.abc import Mapping

from servers.local import App, Reply, Request
from servers.pxweb import Table


def files(contents: Mapping[str, bytes], content_type: str = "application/zip") -> App:
    def app(request: Request) -> Reply | None:
        found = contents.get(request.path)
        return None if found is None else Reply(found, content_type)

    return app


def zipped(**members: bytes) -> bytes:
    return zip_of({name.replace("__", "."): content for name, content in members.items()})


def zip_of(members: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def as_csv(table: Table, separator: str = ";", show: str = "code_value", wide: bool = False) -> bytes:
    """The table as SCB's bulk file: long with a column for what is counted, or with a column for each content."""

    def text(name: str, code: str) -> str:
        label = table.dimensions[name][code]
        if name in ("ContentsCode", "Tid") or (show == "value" and name != "Region"):
            return label
        return code if show == "code" or label == code else f"{code} {label}"

    heads = [table.names.get(name, name) for name in table.dimensions if not (wide and name == "ContentsCode")]
    heads += list(table.dimensions["ContentsCode"].values()) if wide else ["värde"]
    lines = [separator.join(f'"{head}"' for head in heads)]
    cells = table.cells
    axis = list(table.dimensions).index("ContentsCode")
    if wide:
        import numpy as np

        turned = np.moveaxis(cells, axis, -1)
        names = [name for name in table.dimensions if name != "ContentsCode"]
        for codes, values in zip(
            itertools.product(*[table.dimensions[n] for n in names]),
            turned.reshape(-1, turned.shape[-1]),
            strict=True,
        ):
            lines.append(
                separator.join([*(f'"{text(n, c)}"' for n, c in zip(names, codes, strict=True)), *map(str, values)])
            )
    else:
        for codes, value in zip(itertools.product(*table.dimensions.values()), cells.ravel(), strict=True):
            lines.append(
                separator.join(
                    [*(f'"{text(n, c)}"' for n, c in zip(table.dimensions, codes, strict=True)), str(value)]
                )
            )
    return ("\r\n".join(lines) + "\r\n").encode("cp1252")
