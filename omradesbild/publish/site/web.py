"""The frame around every page of the edition, and how pages link: plain HTML with nothing inline that runs or styles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from omradesbild.publish.figures.sheet import safe
from omradesbild.publish.html import inline, unrepeated
from omradesbild.publish.site import addresses
from omradesbild.publish.site.file import File
from omradesbild.publish.site.settings import Settings
from omradesbild.words import LANGUAGES, t

CSS, JS, FONT, ICON = "stil/edition.css", "stil/edition.js", "stil/sans.woff2", "stil/ikon.svg"
#: What a server shows where there is no page.
MISSING = "404.html"
#: The same as the headers that docs/edition.md asks a web server for, but for frame-ancestors, which a page cannot say.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)
#: The pages in the menu, in order; '' is the start page.
MENU = ("", "indikator", "jamfor", "mal", "prioriteringar", "insatser", "polislistan", "om", "data")
#: The page in the menu that the pages of a kind stand below, where it is not called as they are.
ABOVE = {"omrade": "", "insats": "insatser", "prioritering": "prioriteringar", "andringar": "data", "utgavor": "data"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page lies: its name ('' or ``omrade/R1``) and language."""

    name: str
    lang: str = "sv"

    @property
    def path(self) -> str:
        """The page's file."""
        return addresses.page(self.name, self.lang)

    def file(self, path: str) -> str:
        """Return how this page links to a file of the edition."""
        return addresses.relative(path, self.path)

    def to(self, name: str) -> str:
        """Return how this page links to another page in its language."""
        return self.file(addresses.page(name, self.lang))

    def link(self, name: str, text: str) -> str:
        """Write a link to another page."""
        return f'<a href="{escape(self.to(name))}">{escape(text)}</a>'


@dataclass(frozen=True, slots=True)
class Nowhere(Place):
    """Where a page lies that a server shows at any address: its links begin at the edition's own root."""

    root: str = "/"

    @property
    def path(self) -> str:
        """The page's file."""
        return MISSING

    def file(self, path: str) -> str:
        """Return how this page links to a file of the edition."""
        return self.root + path


@dataclass(frozen=True, slots=True)
class Page:
    """A page: heading, the sentence that search engines show, what stands below the heading, its picture, and its look."""

    place: Place
    title: str
    description: str
    body: str
    picture: str = ""
    look: str = ""


def written(page: Page, pack, settings: Settings) -> File:
    """Write a page's file."""
    place, lang = page.place, page.place.lang
    name = pack.info.title.get(lang)
    title = safe(page.title if place.name == "" else f"{page.title} – {name}")
    other = "en" if lang == "sv" else "sv"
    there = escape(place.file(addresses.page("" if place.path == MISSING else place.name, other)))
    banner = f'<p class=made-up>{escape(t("demo.banner", lang))}</p>' if pack.info.demonstration else ""
    look = f" class={page.look}" if page.look else ""
    body = unrepeated(f"<h1>{inline(page.title)}</h1>\n{page.body}")
    html = (
        f'<!doctype html>\n<html lang={lang}>\n<head>\n<meta charset=utf-8>\n'
        f'<meta http-equiv=Content-Security-Policy content="{POLICY}">\n'
        f'<meta name=viewport content="width=device-width,initial-scale=1">\n<title>{title}</title>\n'
        f'<meta name=description content="{safe(page.description)}">\n'
        f'<link rel=stylesheet href="{place.file(CSS)}">\n'
        f'<link rel=icon href="{place.file(ICON)}" type=image/svg+xml>\n'
        f'<meta name=color-scheme content="light dark">\n'
        f"{'' if place.path == MISSING else _social(page, settings, title)}"
        f'<script src="{place.file(JS)}" defer></script>\n</head>\n<body>\n'
        f'<a class=skip href=#main>{t("site.skip", lang)}</a>\n'
        f"<header>{banner}<p class=brand>{place.link('', name)}</p>"
        f'<a class=other lang={other} hreflang={other} href="{there}">{t("nav.other_language", lang)}</a>'
        f"{_menu(place)}</header>\n"
        f'<main id=main{look}>\n{body}\n</main>\n'
        f"{_footer(place, pack, settings)}\n</body>\n</html>\n"
    )
    return File(place.path, html.encode("utf-8"))


def _social(page: Page, settings: Settings, title: str) -> str:
    """Write what search engines and social media read; addresses must be whole there, so there is none without the edition's."""
    tags = {"og:type": "website", "og:title": title, "og:description": safe(page.description)}
    tags["og:locale"] = "sv_SE" if page.place.lang == "sv" else "en_GB"
    if settings.address:
        tags["og:url"] = escape(settings.absolute(page.place.path))
        if page.picture:
            tags |= {"og:image": escape(settings.absolute(page.picture)), "og:image:width": "1200"}
            tags |= {"og:image:height": "630", "og:image:alt": title, "twitter:card": "summary_large_image"}
    lines = (f'<meta property="{name}" content="{value}">\n' for name, value in tags.items())
    if not settings.address:
        return "".join(lines)
    own = f'<link rel=canonical href="{tags["og:url"]}">\n'
    for lang in LANGUAGES:
        there = settings.absolute(addresses.page(page.place.name, lang))
        own += f'<link rel=alternate hreflang={lang} href="{escape(there)}">\n'
    return own + "".join(lines)


def _menu(place: Place) -> str:
    lang, items = place.lang, []
    kind = place.name.partition("/")[0]
    for name in MENU:
        above = " aria-current=true" if name == ABOVE.get(kind, kind) else ""
        here = " aria-current=page" if name == place.name else above
        text = t(f"site.menu_{name or 'start'}", lang)
        items.append(f'<li><a href="{escape(place.to(name))}"{here}>{text}</a></li>')
    return f'<nav aria-label="{t("site.menu", lang)}"><ul>{"".join(items)}</ul></nav>'


def _footer(place: Place, pack, settings: Settings) -> str:
    lang, info = place.lang, pack.info
    text = t("footer.text", lang, title=info.title.get(lang), version=info.version, attribution="; ".join(info.attributions))
    publisher = f"<p>{escape(t('site.published_by', lang, name=settings.publisher))}</p>" if settings.publisher else ""
    app = ""
    if settings.app:
        app = f'<li><a href="{escape(settings.app)}">{t("site.app", lang)}</a></li>'
    return (
        f"<footer><p>{escape(text)}</p>{publisher}<ul><li>{place.link('tillganglighet', t('site.accessibility', lang))}</li>"
        f"<li>{place.link('om', t('site.menu_om', lang))}</li>{app}</ul></footer>"
    )


def section(id_: str, heading: str, body: str, *, level: int = 2, class_: str = "") -> str:
    """Write a part of a page under its heading, which a link can point to; nothing where there is nothing to show."""
    if not body:
        return ""
    look = f" class={class_}" if class_ else ""
    return f"<section id={id_}{look}><h{level}>{inline(heading)}</h{level}>\n{body}</section>\n"


def paragraphs(texts: Iterable[str], class_: str = "") -> str:
    """Write texts as paragraphs."""
    look = f" class={class_}" if class_ else ""
    return "".join(f"<p{look}>{escape(text)}</p>" for text in texts if text)


def folded(heading: str, body: str, about: str = "") -> str:
    """Write something that the reader unfolds; `about` is heard and tells apart those that are named alike."""
    more = f"<span class=heard>: {escape(about)}</span>" if about else ""
    return f"<details><summary>{escape(heading)}{more}</summary>{body}</details>"


def links(items: Iterable[tuple[str, str]], class_: str = "") -> str:
    """Write a list of links: address and text."""
    look = f" class={class_}" if class_ else ""
    written_ = "".join(f'<li><a href="{escape(address)}">{escape(text)}</a></li>' for address, text in items)
    return f"<ul{look}>{written_}</ul>"


def contents(parts: Sequence[tuple[str, str]], lang: str) -> str:
    """Write the list of a page's parts: id and heading."""
    items = "".join(f'<li><a href="#{id_}">{inline(text)}</a></li>' for id_, text in parts)
    return f'<nav class=contents aria-label="{t("site.contents", lang)}"><ul>{items}</ul></nav>'
