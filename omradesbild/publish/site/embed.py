"""Pictures of the edition for other websites: each stands alone, with title, unit, source, flags and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from omradesbild.pack import Pack
from omradesbild.publish.document import Figure
from omradesbild.publish.figures.sheet import Caption, Setting, Sheet, size_of
from omradesbild.publish.parts.pen import Pen
from omradesbild.publish.site.file import File
from omradesbild.publish.site.settings import Settings
from omradesbild.publish.site.web import Place, folded
from omradesbild.words import t

#: How wide a picture is drawn, in its own units and in the pages that show it.
WIDTH = 640


def pen(lang: str) -> Pen:
    """Return what a picture is drawn with before `Embeds.file` sets its title and source around it."""
    return Pen(lang, "paper", WIDTH)


@dataclass(frozen=True, slots=True)
class Embeds:
    """What a page has for others to show: where the page and its edition are, and what made them."""

    settings: Settings
    pack: Pack
    place: Place

    def made(self) -> str:
        """Say which edition a picture is from, and where its page is."""
        info, address = self.pack.info, self.settings.absolute(self.place.path)
        return t("site.embed_from", self.place.lang, title=info.title.get(self.place.lang), version=info.version, address=address).strip()

    def file(self, path: str, figure: Figure, title: str) -> File:
        """Give a drawn figure as a picture that stands alone under `title`."""
        around = Caption(title, figure.alt, figure.unit, self.made(), (figure.source,) if figure.source else ())
        sheet = Sheet(around, Setting("alone", self.place.lang, width=int(size_of(figure.svg)[0])))
        sheet.inset(figure.svg)
        return File(path, sheet.svg().encode("utf-8"))

    def snippet(self, path: str, title: str, alt: str) -> str:
        """Write, to unfold, what others paste into their page to show the picture called `title`, which links here."""
        lang, settings = self.place.lang, self.settings
        if settings.address:
            page, source = settings.absolute(self.place.path), settings.absolute(path)
            code = f'<a href="{escape(page)}"><img src="{escape(source)}" alt="{escape(alt)}" width="{WIDTH}"></a>'
            shown = f"<pre><code>{escape(code)}</code></pre>"
        else:
            file = f'<a href="{escape(self.place.file(path))}">{escape(t("site.embed_file", lang, title=title))}</a>'
            shown = f'<p class=note>{t("site.embed_no_address", lang)} {file}</p>'
        return folded(t("site.embed", lang), shown, title)
