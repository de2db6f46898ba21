/* The area map: geometry once by HTTP, then only classes and texts. No dependency. */

const SVG = "http://www.w3.org/2000/svg";
const ZOOMS = [1, 1.6, 2.5, 4, 6.5, 10, 16, 25, 40, 65];
const CROWD = 500; // more areas than this in view have finer borders, so that their colours are seen
const CITY_ZOOM = 10;
const LEAST_WIDTH = 400; // units across, at the deepest zoom
const NAMES = { "-": "missing", ":": "suppressed", s: "small", ".": "none" };
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const geometries = new Map();

export default function ({ data, parentElement, setTriggerValue }) {
  const map = (parentElement.areaMap ??= new AreaMap(parentElement));
  map.pick = (id) => setTriggerValue("picked", id);
  map.close = (ring) => setTriggerValue("drawn", ring);
  map.show(data);
}

function fetchGeometry(url) {
  if (!geometries.has(url)) {
    const address = new URL("../" + url, import.meta.url);
    const answer = fetch(address).then((r) => (r.ok ? r.json() : Promise.reject(new Error(r.status))));
    answer.catch(() => geometries.delete(url));
    geometries.set(url, answer);
  }
  return geometries.get(url);
}

function html(parent, tag, attributes = {}, text = "") {
  return fill(document.createElement(tag), parent, attributes, text);
}

function svg(parent, tag, attributes = {}, text = "") {
  return fill(document.createElementNS(SVG, tag), parent, attributes, text);
}

function fill(element, parent, attributes, text) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text) element.textContent = text;
  parent.append(element);
  return element;
}

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
const className = (code) => NAMES[code] ?? "c" + code;
const isPattern = (code) => code in NAMES && code !== "s";

function paint(element, code) {
  element.setAttribute("class", "area " + className(code));
  if (isPattern(code)) element.setAttribute("fill", `url(#${NAMES[code]})`);
  else element.removeAttribute("fill");
}

class AreaMap {
  constructor(root) {
    this.box = html(root, "div", { class: "map" });
    const inner = html(this.box, "div", { class: "inner" });
    const pane = (this.pane = html(inner, "div", { class: "pane" }));
    this.frame = html(pane, "div", { class: "frame" });
    this.wait = html(this.frame, "p", { class: "wait", role: "status" });
    this.svg = svg(this.frame, "svg", { role: "group" });
    this.buttons = html(pane, "div", { class: "buttons" });
    this.readout = html(this.frame, "div", { class: "readout", "aria-hidden": "true", hidden: "" });
    this.side = html(inner, "div", { class: "side" });
    this.live = html(this.box, "p", { class: "sr", "aria-live": "polite" });
    this.help = html(this.box, "p", { class: "sr", id: "help" });
    this.pointers = new Map();
    this.zoom = 0;
    this.active = 0;
  }

  show(data) {
    const before = this.data;
    this.data = data;
    this.box.classList.toggle("compact", data.compact);
    if (this.geometry && before.url === data.url) return this.update();
    this.wait.textContent = data.words.loading;
    fetchGeometry(data.url).then(
      (geometry) => this.data.url === data.url && this.draw(geometry),
      () => (this.wait.textContent = this.data.words.failed),
    );
  }

  // ---- once per geometry

  draw(geometry) {
    this.geometry = geometry;
    this.deepest = ZOOMS.findLastIndex((z) => z <= Math.max(CITY_ZOOM, geometry.width / LEAST_WIDTH));
    this.wait.textContent = "";
    this.svg.replaceChildren();
    this.patterns();
    const layer = (name) => svg(this.svg, "g", { class: name, "aria-hidden": "true" });
    this.list = svg(this.svg, "g", { role: "listbox", "aria-describedby": "help" });
    this.paths = geometry.paths.map((d, i) =>
      svg(this.list, "path", { d, role: "option", tabindex: -1, "data-i": i }),
    );
    [this.over, this.ring, this.points, this.labels] = ["over", "ring", "points", "labels"].map(layer);
    this.mark = svg(this.svg, "rect", { class: "demo", fill: "url(#demo)", "aria-hidden": "true" });
    this.bar = svg(this.svg, "g", { class: "scale", "aria-hidden": "true" });
    this.frame.style.aspectRatio = `${geometry.width} / ${geometry.height}`;
    this.centre = [geometry.width / 2, geometry.height / 2];
    this.listen();
    new ResizeObserver(() => this.look()).observe(this.svg);
    this.update();
  }

  patterns() {
    const defs = svg(this.svg, "defs");
    const pattern = (id, size, ground, marks) => {
      const p = svg(defs, "pattern", { id, width: size, height: size, patternUnits: "userSpaceOnUse" });
      if (ground) svg(p, "rect", { width: size, height: size, class: ground });
      for (const [shape, d] of marks) svg(p, "path", { class: shape, d });
      return p;
    };
    const vertical = (x, size) => [["casing", `M${x} 0v${size}`], ["ink", `M${x} 0v${size}`]];
    this.tiles = [
      pattern("missing", 8, "white", [["ink", "M-2 2l4-4M0 8l8-8M6 10l4-4"]]),
      pattern("suppressed", 6, "grey", [["dot", "M3 3h.01"]]),
      pattern("none", 1, "white", []),
      pattern("police-p", 11, "", vertical(5, 11)),
      pattern("police-P", 5, "", vertical(2, 5)),
      pattern("demo", 190, "", []),
    ];
    this.demo = svg(this.tiles[5], "text", { x: 95, y: 100, "text-anchor": "middle" });
  }

  listen() {
    if (this.listening) return;
    this.listening = true;
    const index = (event) => event.target.dataset?.i;
    const on = (name, handler, options) => this.svg.addEventListener(name, handler, options);
    // Not on the svg: Chromium gives an svg that listens for focus a tab stop of its own.
    this.frame.addEventListener("focusin", (event) => index(event) && this.focus(+index(event)));
    this.frame.addEventListener("focusout", () => this.point(null));
    on("keydown", (event) => this.key(event));
    on("click", (event) => {
      if (this.dragged) return;
      if (this.data.draw) this.drawing.add(this.unit(event));
      else if (index(event)) this.choose(+index(event));
    });
    this.frame.addEventListener("pointerleave", () => this.point(null));
    on("pointerdown", (event) => this.press(event));
    on("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel"]) on(name, (event) => this.pointers.delete(event.pointerId));
    on("wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      this.step(event.deltaY < 0 ? 1 : -1, this.unit(event));
    }, { passive: false });
  }

  // ---- once per change

  update() {
    const { data, geometry } = this;
    const indexes = data.chosen.map((c) => geometry.ids.indexOf(c.id));
    this.svg.setAttribute("aria-label", data.title);
    this.svg.setAttribute("aria-describedby", "help");
    this.list.setAttribute("aria-label", [data.title, data.unit, data.summary].filter(Boolean).join(". "));
    this.list.setAttribute("aria-multiselectable", data.chosen.length > 1);
    this.help.textContent = data.words.help;
    this.paths.forEach((path, i) => {
      paint(path, data.classes[i]);
      path.setAttribute("aria-label", this.label(i));
      path.setAttribute("aria-selected", indexes.includes(i));
    });
    if (!this.touched && indexes[0] >= 0) this.active = indexes[0];
    this.rove(this.active);
    this.overlays();
    this.mark.style.display = data.demo ? "" : "none";
    this.demo.textContent = data.demo ? data.words.made_up : "";
    this.makeButtons();
    if (data.draw) (this.drawing ??= new Drawing(this)).show(data.draw);
    this.legend();
    const spoken = this.label(this.active);
    const here = this.svg.contains(this.svg.getRootNode().activeElement);
    if (here && !this.live.textContent.includes(spoken)) this.live.textContent = spoken;
    this.look();
    this.point(null);
  }

  label(i) {
    const { data, geometry } = this;
    return `${geometry.names[i]}: ${[data.values[i], data.remarks[i]].filter(Boolean).join(", ")}`;
  }

  /** The path, name and label point of any area: base, named, district, or a chosen one that a reader has made. */
  outline(id) {
    const { data, geometry } = this;
    const own = data.chosen.find((c) => c.id === id)?.shape;
    if (own) return own;
    if (geometry.outlines[id]) return geometry.outlines[id];
    const i = geometry.ids.indexOf(id);
    return i < 0 ? null : [geometry.names[i], geometry.paths[i], ...geometry.points[i]];
  }

  overlays() {
    const { data, geometry } = this;
    this.over.replaceChildren();
    this.points.replaceChildren();
    [...data.police].forEach((mark, i) => {
      if (mark !== " ") svg(this.over, "path", { d: geometry.paths[i], fill: `url(#police-${mark})` });
    });
    for (const id of data.outlines) this.cased(this.over, this.outline(id), "named");
    data.chosen.forEach(({ id }, n) => this.cased(this.over, this.outline(id), this.chosenClass(n)));
    for (const [i, text] of data.initiatives) {
      const [x, y] = geometry.points[i];
      const group = svg(this.points, "g", { class: "initiative", "data-x": x, "data-y": y });
      svg(group, "circle", { r: 9 });
      svg(group, "text", { y: 4 }, text);
    }
    this.labels.replaceChildren();
    if (data.compact) return;
    for (const [name, x, y] of geometry.places)
      svg(this.labels, "text", { class: "place", "data-x": x, "data-y": y }, name);
    geometry.points.forEach(([x, y], i) =>
      svg(this.labels, "text", { class: "name", "data-x": x, "data-y": y, "data-i": i }, geometry.names[i]),
    );
  }

  chosenClass(n) {
    return this.data.chosen.length > 1 ? `chosen a${n % 6}` : "chosen";
  }

  cased(parent, shape, kind) {
    if (!shape) return;
    svg(parent, "path", { d: shape[1], class: "casing " + kind });
    svg(parent, "path", { d: shape[1], class: "line " + kind });
  }

  makeButtons() {
    const { words, compact } = this.data;
    if (compact || this.buttons.dataset.words === words.whole) return;
    this.buttons.dataset.words = words.whole;
    this.buttons.replaceChildren();
    const button = (text, title, act, kind = "") => {
      const attributes = { type: "button", class: kind };
      if (title) Object.assign(attributes, { "aria-label": title, title });
      html(this.buttons, "button", attributes, text).addEventListener("click", act);
    };
    button("+", words.zoom_in, () => this.step(1));
    button("−", words.zoom_out, () => this.step(-1));
    button(words.whole, "", () => this.step(-ZOOMS.length), "moved");
    for (const [name, text] of [["left", "←"], ["right", "→"], ["up", "↑"], ["down", "↓"]]) {
      const [dx, dy] = ARROWS["Arrow" + name[0].toUpperCase() + name.slice(1)];
      button(text, words[name], () => this.shift(dx, dy), "moved");
    }
  }

  // ---- legend

  legend() {
    const { data } = this;
    const { city, dots, edges, keys } = data.legend;
    this.side.replaceChildren();
    this.ghost = null;
    if (data.compact) return;
    html(this.side, "p", { class: "unit" }, data.unit);
    if (edges) this.classBar(data.legend);
    const list = html(this.side, "ul", { class: "keys" });
    const item = (text, kind) => {
      const entry = html(list, "li");
      if (kind !== undefined) html(entry, "span", { class: "key " + kind, "aria-hidden": "true" });
      html(entry, "span", {}, text);
      return entry;
    };
    if (city) item(`${data.words.city}: ${city[1]}`, edges ? "city" : "");
    data.chosen.forEach(({ name, text }, n) => item(`${name}: ${text}`, "marker " + this.chosenClass(n)));
    if (dots) item(data.words.dots, "dot");
    for (const [code, text] of keys) this.swatch(item(text), code);
    for (const text of [data.source, data.attribution]) if (text) html(this.side, "p", { class: "source" }, text);
  }

  classBar({ codes, edges, ticks, dots, city, label }) {
    const { data } = this;
    const bar = html(this.side, "div", { class: "bar", role: "img", "aria-label": label });
    const at = (kind, position, text = "") => {
      const element = html(bar, "span", { class: kind }, text);
      element.style.left = position / 10 + "%";
      return element;
    };
    const end = (n) => (n === 0 ? " first" : n === ticks.length - 1 ? " last" : "");
    [...codes].forEach((code, n) => {
      at("class " + className(code), edges[n]).style.width = (edges[n + 1] - edges[n]) / 10 + "%";
    });
    ticks.forEach((text, n) => at("tick" + end(n), edges[n], text));
    for (const position of dots) if (position >= 0) at("dot", position);
    if (city) at("city", city[0]);
    this.ghost = at("ghost", 0);
    this.ghost.hidden = true;
    data.chosen.forEach(({ position }, n) => position >= 0 && at("marker " + this.chosenClass(n), position));
  }

  swatch(parent, code) {
    const box = svg(parent, "svg", { class: "swatch", viewBox: "0 0 24 16", "aria-hidden": "true" });
    parent.prepend(box);
    const square = svg(box, "rect", { x: 1, y: 1, width: 22, height: 14 });
    if (code === "p" || code === "P") {
      square.setAttribute("class", "empty");
      svg(box, "rect", { x: 1, y: 1, width: 22, height: 14, fill: `url(#key-${code})` });
      this.keyPattern(box, "police-" + code, "key-" + code);
    } else if (code === "i") {
      square.remove();
      svg(svg(box, "g", { class: "initiative" }), "circle", { cx: 12, cy: 8, r: 7 });
    } else if (code === "o") {
      square.setAttribute("class", "line named");
    } else {
      paint(square, code);
      if (!isPattern(code)) return;
      square.setAttribute("fill", `url(#key-${className(code)})`);
      this.keyPattern(box, className(code), "key-" + className(code));
    }
  }

  /** The map's patterns follow its zoom; those of the legend do not. */
  keyPattern(parent, from, id) {
    const copy = this.svg.querySelector(`[id="${from}"]`).cloneNode(true);
    copy.id = id;
    copy.removeAttribute("patternTransform");
    parent.append(copy);
  }

  // ---- pointing, choosing, moving

  rove(i) {
    this.paths[this.active].setAttribute("tabindex", -1);
    this.paths[i].setAttribute("tabindex", 0);
    this.active = i;
  }

  focus(i) {
    this.touched = true;
    this.rove(i);
    this.keepInView(i);
    this.point(i);
  }

  /** Show an area's figure; null goes back to the area in focus or, failing that, hides it. */
  point(i) {
    const focused = this.svg.getRootNode().activeElement?.dataset?.i;
    const shown = i ?? (focused === undefined ? null : +focused);
    this.pointed = `${shown}`;
    this.ring.replaceChildren();
    this.readout.hidden = shown === null;
    if (this.ghost) this.ghost.hidden = true;
    if (shown === null) return;
    const { data, geometry } = this;
    if (this.pointed !== focused) this.cased(this.ring, this.outline(geometry.ids[shown]), "hover");
    if (focused !== undefined) this.cased(this.ring, this.outline(geometry.ids[focused]), "focus");
    this.readout.replaceChildren();
    html(this.readout, "strong", {}, geometry.names[shown]);
    html(this.readout, "span", { class: "value" }, data.values[shown]);
    if (data.remarks[shown]) html(this.readout, "span", {}, data.remarks[shown]);
    const position = data.legend.dots?.[shown] ?? -1;
    if (!this.ghost || position < 0) return;
    this.ghost.hidden = false;
    this.ghost.style.left = position / 10 + "%";
  }

  choose(i) {
    this.touched = true;
    this.rove(i);
    this.live.textContent = `${this.data.words.picked}: ${this.label(i)}`;
    this.pick(this.geometry.ids[i]);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.dataset?.i === undefined) return;
    const i = this.active;
    const last = this.paths.length - 1;
    const acts = {
      Home: () => this.paths[0].focus(),
      End: () => this.paths[last].focus(),
      Enter: () => this.choose(i),
      " ": () => this.choose(i),
      Escape: () => ((this.readout.hidden = true), this.ghost && (this.ghost.hidden = true)),
      "+": () => this.step(1),
      "-": () => this.step(-1),
      0: () => this.step(-ZOOMS.length),
    };
    const act = ARROWS[event.key] ? () => this.paths[this.neighbour(i, ARROWS[event.key])].focus() : acts[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  /** The nearest area in a direction; distance aside counts double. */
  neighbour(from, [dx, dy]) {
    const [x, y] = this.geometry.points[from];
    let best = from;
    let least = Infinity;
    this.geometry.points.forEach(([px, py], i) => {
      const ahead = (px - x) * dx + (py - y) * dy;
      const aside = Math.abs((px - x) * dy) + Math.abs((py - y) * dx);
      if (ahead <= 0 || aside > 2 * ahead || ahead + 2 * aside >= least) return;
      best = i;
      least = ahead + 2 * aside;
    });
    return best;
  }

  press(event) {
    this.pointers.set(event.pointerId, event);
    this.dragged = false;
  }

  /** A pointer that moves over the map points at an area, or drags the map when it is pressed. */
  move(event) {
    const before = this.pointers.get(event.pointerId);
    const i = event.target.dataset?.i;
    if (!before && i !== undefined && i !== this.pointed) this.point(+i);
    if (!before || !this.zoom) return;
    const dx = event.clientX - before.clientX;
    const dy = event.clientY - before.clientY;
    if (!this.dragged && Math.hypot(dx, dy) < 5) return;
    if (!this.dragged) this.svg.setPointerCapture(event.pointerId);
    this.dragged = true;
    const others = [...this.pointers.values()].filter((p) => p.pointerId !== event.pointerId);
    if (others.length) {
      const gap = (p) => Math.hypot(p.clientX - others[0].clientX, p.clientY - others[0].clientY);
      if (Math.abs(gap(event) - gap(before)) < 40) return;
      this.step(gap(event) > gap(before) ? 1 : -1, this.unit(event));
    } else {
      this.centre = [this.centre[0] - dx * this.perPixel, this.centre[1] - dy * this.perPixel];
      this.look();
    }
    this.pointers.set(event.pointerId, event);
  }

  // ---- the part that is seen

  unit(event) {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.svg.getScreenCTM().inverse());
    return [point.x, point.y];
  }

  step(by, towards) {
    const { geometry, data } = this;
    const start = this.zoom;
    this.zoom = clamp(start + by, 0, this.deepest);
    const shape = data.chosen.length ? this.outline(data.chosen[0].id) : null;
    if (towards) {
      const part = ZOOMS[start] / ZOOMS[this.zoom];
      this.centre = towards.map((t, n) => t + (this.centre[n] - t) * part);
    } else if (start === 0) {
      this.centre = this.touched ? [...geometry.points[this.active]] : shape ? shape.slice(2) : this.centre;
    }
    this.look();
  }

  shift(dx, dy) {
    const { width, height } = this.geometry;
    const part = 0.3 / ZOOMS[this.zoom];
    this.centre = [this.centre[0] + dx * width * part, this.centre[1] + dy * height * part];
    this.look();
  }

  keepInView(i) {
    const [x, y] = this.geometry.points[i];
    const [left, top, width, height] = this.view;
    const inside = (p, start, size) => p > start + size * 0.1 && p < start + size * 0.9;
    if (!this.zoom || (inside(x, left, width) && inside(y, top, height))) return;
    this.centre = [x, y];
    this.look();
  }

  look() {
    const { geometry, svg: element } = this;
    const size = [geometry.width / ZOOMS[this.zoom], geometry.height / ZOOMS[this.zoom]];
    this.centre = [geometry.width, geometry.height].map((whole, n) =>
      clamp(this.centre[n], size[n] / 2, whole - size[n] / 2),
    );
    this.view = [this.centre[0] - size[0] / 2, this.centre[1] - size[1] / 2, ...size];
    element.setAttribute("viewBox", this.view.map(Math.round).join(" "));
    this.box.classList.toggle("zoomed", this.zoom > 0);
    this.box.classList.toggle("fine", geometry.paths.length / ZOOMS[this.zoom] ** 2 > CROWD);
    this.perPixel = Math.max(size[0] / (element.clientWidth || 1), size[1] / (element.clientHeight || 1));
    const scale = `scale(${this.perPixel.toFixed(3)})`;
    for (const tile of this.tiles) tile.setAttribute("patternTransform", scale);
    this.tiles[5].setAttribute("patternTransform", scale + " rotate(-30)");
    for (const e of element.querySelectorAll("[data-x]")) {
      e.setAttribute("transform", `translate(${e.dataset.x} ${e.dataset.y}) ${scale}`);
    }
    const close = ZOOMS[this.zoom] >= 2.5;
    for (const e of this.labels.children) {
      const own = e.dataset.i;
      e.style.display = own === undefined ? (close ? "none" : "") : close && this.fits(+own) ? "" : "none";
    }
    this.drawing?.look();
    this.scaleBar();
  }

  fits(i) {
    this.widths ??= this.paths.map((path) => path.getBBox().width);
    return this.widths[i] / this.perPixel > this.geometry.names[i].length * 6.2;
  }

  scaleBar() {
    const [left, top, width, height] = this.view;
    const u = this.perPixel;
    const { svg: element, bar, mark } = this;
    const half = [(element.clientWidth * u) / 2, (element.clientHeight * u) / 2];
    const middle = [left + width / 2, top + height / 2];
    const attributes = { x: middle[0] - half[0], y: middle[1] - half[1], width: 2 * half[0], height: 2 * half[1] };
    for (const [name, value] of Object.entries(attributes)) mark.setAttribute(name, value);
    const long = this.geometry.scale * (this.zoom > 2 ? 0.25 : 1);
    bar.replaceChildren();
    if (long / u > element.clientWidth / 2) return; // deep in a country the bar would not fit
    bar.setAttribute("transform", `translate(${middle[0] - half[0] + 12 * u} ${middle[1] + half[1] - 14 * u}) scale(${u})`);
    svg(bar, "path", { d: `M0-5v5h${long / u}v-5` });
    svg(bar, "text", { x: long / u + 6 }, this.data.words[this.zoom > 2 ? "km_short" : "km"]);
  }
}

/** Corners that a reader sets to draw a ring: by clicking, or by moving a cross with the keyboard. */
class Drawing {
  constructor(map) {
    this.map = map;
    this.points = [];
    this.at = [...map.centre];
    const layer = svg(map.svg, "g", { class: "drawing" });
    this.lines = ["casing", "line"].map((kind) => svg(layer, "path", { class: kind }));
    this.marks = svg(layer, "g");
    this.cross = svg(layer, "g", { class: "cross", tabindex: 0, role: "application" });
    svg(this.cross, "path", { class: "casing", d: "M-16 0h32M0-16v32" });
    svg(this.cross, "path", { class: "line", d: "M-16 0h32M0-16v32" });
    this.cross.addEventListener("keydown", (event) => this.key(event));
    this.tools = html(map.pane, "div", { class: "tools" });
    const acts = { close: () => this.close(), undo: () => this.undo(), clear: () => this.clear() };
    this.buttons = Object.entries(acts).map(([name, act]) => {
      const button = html(this.tools, "button", { type: "button" });
      button.addEventListener("click", act);
      return [name, button];
    });
  }

  show(draw) {
    this.draw = draw;
    this.cross.setAttribute("aria-label", draw.words.draw);
    for (const [name, button] of this.buttons) button.textContent = draw.words[name];
    for (const path of this.map.paths) path.setAttribute("tabindex", -1);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = (event.shiftKey ? 2 : 14) * this.map.perPixel;
    const acts = {
      Enter: () => this.add(this.at),
      " ": () => this.add(this.at),
      Backspace: () => this.undo(),
      Escape: () => this.clear(),
      "+": () => this.map.step(1, this.at),
      "-": () => this.map.step(-1, this.at),
    };
    const arrow = ARROWS[event.key];
    const act = arrow ? () => this.go(arrow.map((d, n) => this.at[n] + d * step)) : acts[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  go(point) {
    const { width, height } = this.map.geometry;
    this.at = [clamp(point[0], 0, width), clamp(point[1], 0, height)];
    this.look();
    this.say(`${this.where(this.at)}, ${this.degrees(this.at).join(" ")}`);
  }

  /** Set a corner; on the first one, close the ring. */
  add(point) {
    const [first] = this.points;
    const near = first && Math.hypot(point[0] - first[0], point[1] - first[1]) < 12 * this.map.perPixel;
    if (near && this.points.length > 2) return this.close();
    this.points = this.closed ? [[...point]] : [...this.points, [...point]];
    this.closed = false;
    this.look();
    this.say(`${this.draw.words.point} ${this.points.length}: ${this.where(point)}`);
  }

  undo() {
    this.points.pop();
    this.closed = false;
    this.look();
    this.say(`${this.draw.words.point} ${this.points.length}`);
  }

  clear() {
    this.points = [];
    this.undo();
  }

  close() {
    if (this.points.length < 3) return;
    this.closed = true;
    this.look();
    this.say(this.draw.words.closed);
    this.map.close(this.points.map((point) => this.degrees(point)));
  }

  /** The name of the area at a point; nothing in the water. */
  where([x, y]) {
    const i = this.map.paths.findIndex((path) => path.isPointInFill(new DOMPoint(x, y)));
    return this.map.geometry.names[i] ?? "";
  }

  degrees(point) {
    return point.map((value, n) => +(this.draw.origin[n] + value * this.draw.step[n]).toFixed(5));
  }

  say(text) {
    this.map.live.textContent = text;
  }

  look() {
    const { points, map } = this;
    const d = points.length ? `M${points.map((point) => point.map(Math.round).join(" ")).join("L")}` : "";
    for (const line of this.lines) line.setAttribute("d", this.closed ? d + "z" : d);
    const place = ([x, y]) => `translate(${x} ${y}) scale(${map.perPixel})`;
    this.marks.replaceChildren();
    for (const point of points) svg(this.marks, "circle", { r: 5, transform: place(point) });
    this.cross.setAttribute("transform", place(this.at));
  }
}
