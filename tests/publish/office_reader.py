"""Read office files back, and check how their packages are put together."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile

import docx
import pptx
from lxml import etree

RELATIONSHIPS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def texts(format_: str, content: bytes) -> list[str]:
    """Return every text of a Word or PowerPoint file that a reader meets, in order, a paragraph each."""
    roots = (
        [docx.Document(io.BytesIO(content)).element.body]
        if format_ == "docx"
        else [slide._element for slide in pptx.Presentation(io.BytesIO(content)).slides]
    )
    said = []
    for root in roots:
        for paragraph in root.iter("{*}p"):
            if not isinstance(paragraph.tag, str) or "presentationml" in paragraph.tag:
                continue
            parts = (e.text or "" if e.tag.endswith("}t") else "\n" for e in paragraph.iter("{*}t", "{*}br"))
            said.append("".join(parts))
    return said


def faults(content: bytes) -> list[str]:
    """Say what is wrong with a package: a relationship or type that is missing, an id twice, broken XML."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = package.namelist()
        parts = {name: package.read(name) for name in names}
    found = [f"{name} twice" for name in names if names.count(name) > 1]
    types = etree.fromstring(parts["[Content_Types].xml"])
    known = {e.get("PartName", "").lstrip("/") for e in types} | {
        f".{e.get('Extension')}" for e in types if e.get("Extension")
    }
    for name, part in parts.items():
        ending = f".{name.rsplit('.', 1)[-1]}"
        if name != "[Content_Types].xml" and name not in known and ending not in known:
            found.append(f"{name} has no content type")
        if not name.endswith((".xml", ".rels")):
            continue
        root = etree.fromstring(part)
        if name.endswith(".rels"):
            continue
        folder, file = posixpath.split(name)
        rels = parts.get(f"{folder}/_rels/{file}.rels")
        targets = {r.get("Id"): r for r in etree.fromstring(rels)} if rels else {}
        for rel in targets.values():
            target = rel.get("Target")
            path = (
                target.lstrip("/")
                if target.startswith("/")
                else posixpath.normpath(posixpath.join(folder, target))
            )
            if rel.get("TargetMode") != "External" and path not in parts:
                found.append(f"{name} leads to {target}, which is not there")
        for element in root.iter():
            found += [
                f"{name}: {value} is no relationship"
                for key, value in element.attrib.items()
                if key.startswith(RELATIONSHIPS) and value not in targets
            ]
        ids = [e.get("id") for e in root.iter("{*}cNvPr", "{*}docPr") if e.get("id") != "0"]
        found += [f"{name}: the id {id_} twice" for id_ in set(ids) if ids.count(id_) > 1]
    return found


def undescribed(content: bytes) -> list[str]:
    """Name the pictures, charts and tables of slides that have no alternative text."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        found = []
        for name in package.namelist():
            if re.fullmatch(r"word/document.xml|ppt/slides/slide\d+.xml", name):
                root = etree.fromstring(package.read(name))
                inline = list(root.iter("{*}docPr"))
                framed = [
                    e for holder in root.iter("{*}graphicFrame", "{*}pic") for e in holder.iter("{*}cNvPr")
                ]
                marks = inline if name.startswith("word") else framed
                found += [f"{name} {e.get('name')}" for e in marks if not e.get("descr")]
    return found
