"""A document as one web page that needs nothing else: no script, no other file, readable anywhere and on paper."""

from __future__ import annotations

import base64
import hashlib
import re
from html import escape

from omradesbild.publish import style
from omradesbild.publish.document import Document
from omradesbild.publish.figures.sheet import FORCED, INKS
from omradesbild.publish.html import facts, to_html, unrepeated
from omradesbild.publish.report import office
from omradesbild.words import t

_CSS = """
:root{color-scheme:light dark;--text:TEXT;--quiet:SECONDARY;--hair:HAIRLINE;--paper:GROUND;--mark:ACCENT}
body{margin:0 auto;padding:1.5rem 1rem;max-width:52rem;font:1rem/1.5 FONT;color:var(--text);background:var(--paper)}
h1{font-size:2rem;line-height:1.2;margin:0 0 .25rem}h2{font-size:1.35rem;margin:2rem 0 .5rem}h3{font-size:1.1rem;margin:1.5rem 0 .5rem}
p{margin:.5rem 0}.lead,.note,.unit,.source,footer,dt{color:var(--quiet)}.note,.unit,.source,footer{font-size:.875rem}
.warning{background:#7A3E00;color:#fff;padding:.5rem 1rem;font-weight:600}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1.5rem;margin:.75rem 0}dd{margin:0;overflow-wrap:anywhere}
.scroll{overflow-x:auto}.scroll:focus-visible{outline:3px solid var(--mark)}
table{border-collapse:collapse;width:100%;font-size:.9rem}caption{text-align:left;font-weight:600;padding:.5rem 0}
th,td{padding:.3rem .6rem .3rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--hair);font-weight:400;overflow-wrap:anywhere}
thead th{font-weight:600;border-bottom:2px solid var(--text);vertical-align:bottom}.n{text-align:right;font-variant-numeric:tabular-nums}
.section,.city th,.city td{font-weight:600}.section{padding-top:1rem}
figure{margin:1rem 0;break-inside:avoid}figure svg{display:block;width:100%;height:auto;max-width:40rem}figcaption p{margin:0}
.beside{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));gap:1.5rem}
header img{max-width:100%;object-fit:contain;object-position:left}
.comment{border-left:4px solid var(--mark);padding-left:1rem;margin:1rem 0;overflow-wrap:anywhere}
.field{border:1px dashed var(--quiet);padding:.5rem 1rem 2rem;margin:1rem 0}a{color:var(--mark);overflow-wrap:anywhere}
.heard{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
h1,h2,h3,li,p{overflow-wrap:anywhere}footer{border-top:1px solid var(--hair);margin-top:2rem;padding-top:.5rem}
@media screen and (max-width:40rem){th,td{min-width:4.5rem}tbody th{min-width:7rem}}
@media print{body{max-width:none;padding:0;font-size:10pt}.page{break-after:page}h2,h3{break-after:avoid}tr{break-inside:avoid}
.scroll{overflow:visible}thead{display:table-header-group}}
@media screen and (prefers-color-scheme:dark){:root{--text:TEXT_DARK;--quiet:SECONDARY_DARK;--hair:HAIRLINE_DARK;--paper:GROUND_DARK;--mark:#6FB7F2}DARK}
@media (forced-colors:active){figure svg{forced-color-adjust:none;fill:CanvasText}FORCED}
"""


def to_html_file(document: Document) -> bytes:
    """Write a document as a page. The same document gives the same bytes."""
    lang, css = document.lang, _css(document)
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    house, warning = document.house, office.warning(document)
    logo = house.logo_bytes
    kind = "svg+xml" if house.logo.lower().endswith(".svg") else "png"
    shown = f"data:image/{kind};base64,{base64.b64encode(logo).decode()}" if logo else ""
    link = escape(document.link)
    parts = [
        f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="referrer" content="no-referrer">',
        f"<title>{escape(document.title)}</title><style>{css}</style></head><body>",
        f"<p class=warning>{escape(warning)}</p>" if warning else "",
        f'<header><img height=56 src="{shown}" alt="{escape(house.logo_alt)}">' if shown else "<header>",
        f"<h1>{escape(document.title)}</h1>",
        f"<p class=lead>{escape(document.subtitle)}</p>" if document.subtitle else "",
        facts(document.facts) if document.facts else "",
        f"</header>\n<main>{unrepeated(to_html(document.blocks, lang))}</main>\n<footer>",
        f"<p>{escape(house.name)} · {escape(' · '.join(document.versions))}</p>",
        f'<p>{t("report.opens", lang)}: <a href="{link}">{link}</a></p>' if document.link else "",
        "</footer></body></html>\n",
    ]
    return office.clean("".join(parts)).encode("utf-8", "replace")


def _css(document: Document) -> str:
    """Return the page's style; the pictures' colours are turned by the colours they are drawn in."""
    dark = "".join(_turned(light, other) for light, other in INKS.values())
    forced = "".join(_turned(light, FORCED.get(name, "CanvasText")) for name, (light, _) in INKS.items())
    fonts = ",".join(f'"{name}"' for name in document.house.fonts if name.replace(" ", "").isalnum())
    values = {
        "TEXT_DARK": style.TEXT_DARK,
        "SECONDARY_DARK": style.SECONDARY_DARK,
        "HAIRLINE_DARK": style.HAIRLINE_DARK,
        "GROUND_DARK": style.GROUND_DARK,
        "TEXT": style.TEXT,
        "SECONDARY": style.SECONDARY,
        "HAIRLINE": style.HAIRLINE,
        "GROUND": style.GROUND,
        "ACCENT": document.house.accent,
        "FONT": f"{fonts},Arial,sans-serif",
        "DARK": f"figure svg{{fill:{style.TEXT_DARK}}}{dark}",
        "FORCED": forced,
    }
    return re.sub("|".join(values), lambda found: values[found[0]], _CSS)


def _turned(colour: str, other: str) -> str:
    return f'figure [fill="{colour}"]{{fill:{other}}}figure [stroke="{colour}"]{{stroke:{other}}}'
