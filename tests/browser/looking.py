"""What a reader does in a browser, and what is looked for on a page."""

import time
from weakref import WeakKeyDictionary

from playwright.sync_api import BrowserContext, Page, WebSocket
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

PATIENCE = 60_000  # milliseconds

#: Every page in the states that look different, by name.
VIEWS = {
    "oversikt": "/",
    "karta": "/karta?omr=1280R031",
    "karta-lager": "/karta?polis=2025&ytor=namngivet&insatser=1&visa=avvikelse&omr=1280R031",
    "omrade": "/omrade?omr=mollan",
    "omrade-tom": "/omrade",
    "jamfor": "/jamfor?omr=mollan.holma-kroksback",
    "jamfor-mot": "/jamfor?omr=1280R049.1280R037&mot=1280R037",
    "jamfor-tom": "/jamfor",
    "trender": "/trender?omr=mollan.holma-kroksback",
    "mal": "/mal?mal=segregation",
    "mal-hemloshet": "/mal?mal=hemloshet",
    "prioriteringar": "/prioriteringar?mal=segregation",
    "prioriteringar-omrade": "/prioriteringar?omr=rosengard",
    "prioriteringar-matt": "/prioriteringar?slag=regso&efter=matt&ind=arbetslosa_16_64",
    "insatser": "/insatser",
    "insats": "/insatser?insats=bid-mollevangen&ind=valdeltagande",
    "klyftor": "/klyftor?ind=utrikes_fodda",
    "klyftor-utan": "/klyftor?ind=gymnasiebehorighet",
    "samlat": "/samlat?slag=regso&vikter=arbetslosa_16_64-2.forgymnasial-1",
    "polislistan": "/polislistan",
    "egna": "/egna?egna=1~Möllan och lite till~1280R049.1280R050:350",
    "egna-tom": "/egna",
    "underlag": "/underlag?omr=holma-kroksback",
    "underlag-prioriteringar": "/underlag?mall=prioriteringar&omr=rosengard",
    "underlag-tom": "/underlag",
    "samla-in": "/samla_in",
    "data": "/data",
    "andringar": "/andringar",
    "publicera": "/publicera",
    "okand-lank": "/karta?omr=finns-inte&ind=finns_inte&per=1800&data=1999-01-01",
}


class Talk:
    """What a page has asked its server for, by what goes over their connection.

    Attributes
    ----------
    open : str
        ``"asked"`` when the server has not begun with what the page asked for last, ``"begun"`` when it has, then empty.
    """

    def __init__(self, socket: WebSocket):
        self.open = ""
        socket.on("framesent", self._asked)
        socket.on("framereceived", self._told)

    def _asked(self, payload: bytes | str) -> None:
        if isinstance(payload, bytes) and BackMsg.FromString(payload).WhichOneof("type") == "rerun_script":
            self.open = "asked"

    def _told(self, payload: bytes | str) -> None:
        message = ForwardMsg.FromString(payload)
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.open = "begun"
        elif kind == "script_finished" and self.open == "begun" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            self.open = ""


_talks: WeakKeyDictionary[Page, Talk] = WeakKeyDictionary()


class Reader:
    """One reader with a browser profile of their own, who notes what must not happen.

    Attributes
    ----------
    complaints : list of str
        Requests to other hosts, errors in the console and in scripts, answers with an error status.
    """

    def __init__(self, context: BrowserContext, url: str):
        self.context, self.url = context, url
        self.complaints: list[str] = []
        context.set_default_timeout(PATIENCE)
        context.on("request", lambda request: self._request(request.url))
        context.on("response", lambda r: r.status >= 400 and self.complaints.append(f"{r.status} {r.url}"))
        context.on("console", lambda m: m.type == "error" and self.complaints.append(f"console: {m.text}"))
        context.on("weberror", lambda e: self.complaints.append(f"script: {e.error}"))

    def _request(self, url: str) -> None:
        if not url.startswith((f"{self.url}/", "data:", "blob:")):
            self.complaints.append(f"request to another host: {url}")

    def _socket(self, page: Page, socket: WebSocket) -> None:
        self._request(socket.url.replace("ws://", "http://", 1))
        _talks[page] = Talk(socket)

    def open(self, path: str = "/") -> Page:
        """Open a page by its path, or a whole link, and wait until it is drawn."""
        page = self.context.new_page()
        page.on("websocket", lambda socket: self._socket(page, socket))
        page.goto(path if path.startswith("http") else self.url + path)
        settle(page)
        return page


def settle(page: Page) -> None:
    """Wait until what the page has asked for is answered, and its maps and charts are drawn."""
    deadline = time.monotonic() + PATIENCE / 1000
    page.evaluate(IDLE)  # what the last key or click did has been sent
    while page in _talks and _talks[page].open:
        assert time.monotonic() < deadline, f"no answer to what the page asked for in {PATIENCE} ms: {_talks[page].open}"
        page.wait_for_timeout(10)
    page.evaluate(IDLE)  # what was answered has been taken in
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    page.get_by_role("heading", level=1).wait_for()
    assert not page.locator('[data-testid="stException"]').count(), page.locator('[data-testid="stException"]').inner_text()
    page.wait_for_function(DRAWN)


#: JavaScript: wait until the page has nothing more to do; Streamlit gathers elements for 10 ms before it draws them.
IDLE = "() => new Promise((done) => setTimeout(() => requestIdleCallback(done, { timeout: 1000 }), 20))"


def stand_still(page: Page) -> None:
    """Wait until the window is drawn with what the last key did.

    A page that scrolls says so with its next picture, and a list that is open then closes, with what was typed left in it.
    """
    page.evaluate("() => new Promise(requestAnimationFrame)")


#: JavaScript: all elements below a node, also those in components' shadow trees.
DEEP = """
const deep = (node) => [...node.querySelectorAll('*')].flatMap((e) => e.shadowRoot ? [e, ...deep(e.shadowRoot)] : [e]);
const parent = (e) => e.parentElement ?? e.getRootNode().host;
const within = (e, selector) => { for (; e; e = parent(e)) if (e.matches(selector)) return true; return false; };
const seen = (e) => e.checkVisibility({ checkVisibilityCSS: true, checkOpacity: true });
const named = (e) => `${e.tagName.toLowerCase()} "${(e.ariaLabel || e.innerText || e.textContent || '').trim().slice(0, 60)}"`;
"""

DRAWN = (
    "() => {"
    + DEEP
    + """
  const all = deep(document.body);
  const width = (e) => e.getBoundingClientRect().width;
  const every = (selector, has) => all.filter((e) => e.matches(selector)).every(has);
  return !all.some((e) => e.matches('[data-testid="stSkeleton"]'))
    && every('[data-testid="stBidiComponentIsolated"]', (e) => e.closest('.st-key-own_drafts') || e.shadowRoot?.querySelector('button'))
    && every('.map', (e) => e.querySelector('.area'))
    && every('.stPlotlyChart', (e) => e.querySelector('.main-svg') && Math.abs(width(e.querySelector('.main-svg')) - width(e)) < 2);
}"""
)

#: Elements that stand out of the window, other than in a table with its own frame, texts cut off, and how much
#: the page is wider than its window. Left out: Streamlit's multiselect, which shortens long names in a narrow window.
CUT = (
    "() => {"
    + DEEP
    + """
  const wide = document.documentElement.clientWidth;
  const scrolls = (e) => within(e, '.ob-scroll');
  const found = [];
  for (const box of [document.scrollingElement, document.querySelector('.stMain')])
    if (box.scrollWidth > box.clientWidth) found.push(`${named(box).slice(0, 12)} scrolls ${box.scrollWidth - box.clientWidth} px sideways`);
  for (const e of deep(document.body)) {
    if (!seen(e) || within(e, '.sr, .ob-hidden, .stMultiSelect')) continue;
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own && !e.matches('input, button, select, img')) continue;
    const box = e.getBoundingClientRect();
    if (!box.width || !box.height) continue;
    const svg = e.ownerSVGElement;
    if (svg) {
      if (e.closest('pattern, .hoverlayer')) continue;
      const frame = (e.closest('.js-plotly-plot') ?? svg).getBoundingClientRect();
      if (e.closest('.js-plotly-plot') && (box.right > frame.right + 1 || box.left < frame.left - 1))
        found.push(`${named(e)} is cut by its chart`);
      continue;
    }
    if ((box.right > wide + 1 || box.left < -1) && !scrolls(e)) found.push(`${named(e)} ends at ${Math.round(box.right)} of ${wide}`);
    const style = getComputedStyle(e);
    if (style.textOverflow === 'ellipsis' && e.scrollWidth > e.clientWidth + 1) found.push(`${named(e)} is cut short`);
  }
  return found;
}"""
)

#: Controls smaller than 24 × 24 pixels with another control within the circle of 24 pixels around their middle
#: (WCAG 2.5.8). Left out: links in running text and tables, the areas of the map (zooming and the list of areas
#: are the other way), and the small buttons inside Streamlit's own multiselect.
SMALL = (
    "() => {"
    + DEEP
    + """
  const controls = deep(document.querySelector('main'))
    .filter((e) => e.matches('a[href], button, input, select, summary, [role="button"], [role="radio"], [role="switch"]'))
    .filter((e) => seen(e) && !e.disabled && !within(e, '.stMultiSelect') && !(e.matches('a') && within(e, 'th, td, li, p:not(.ob-language)')))
    .map((e) => [e, (e.closest('label') ?? e).getBoundingClientRect()]).filter(([, box]) => box.width);
  const outside = (x, low, high) => Math.max(low - x, 0, x - high);
  return controls.filter(([e, box]) => (box.width < 24 || box.height < 24) && controls.some(([other, its]) =>
      !other.contains(e) && !e.contains(other) && (e.closest('label') ?? e) !== other.closest('label') &&
      Math.hypot(outside(box.x + box.width / 2, its.left, its.right), outside(box.y + box.height / 2, its.top, its.bottom)) < 12))
    .map(([e, box]) => `${named(e)} ${Math.round(box.width)} × ${Math.round(box.height)}`);
}"""
)

#: The name of what has the focus: its label or its text.
FOCUSED = """() => {
  let e = document.activeElement;
  while (e.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
  return (e.getAttribute('aria-label') || e.labels?.[0]?.innerText || e.innerText || '').trim();
}"""
