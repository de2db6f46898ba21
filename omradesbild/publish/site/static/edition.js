// What the edition's pages can do besides being read: choose year and measure, search, sort, compare. Remembers nothing.
(() => {
  "use strict";
  const $ = (id) => document.getElementById(id);
  const make = (tag, text, attributes) => {
    const made = Object.assign(document.createElement(tag), attributes);
    if (text) made.textContent = text;
    return made;
  };
  const lang = document.documentElement.lang;
  const waiting = {};
  // Data are scripts that call back, so that they can be read from a disk as well as from a server.
  const load = (address, key) =>
    new Promise((done, failed) => {
      waiting[key] = done;
      document.head.append(make("script", "", { src: address, onerror: failed }));
    });
  const arrived = (key) => (data) => {
    const done = waiting[key(data)];
    if (done) done(data);
  };
  window.omradesbild = { map: arrived((d) => "map " + d.indicator), area: arrived((d) => "area " + d.id) };

  // -- the map: years and measures, and what an area is where the pointer is or the arrows have gone
  const figure = document.querySelector("figure.mapped");
  if (figure) {
    const measure = $("measure"), paths = [...figure.querySelectorAll(".map a path")];
    const start = !!measure, says = figure.querySelector(".says");
    const period = $("period");
    let shown, found;
    const draw = () => {
      shown = found.periods[period.selectedIndex];
      const names = Object.fromEntries(found.names);
      paths.forEach((path, n) => path.setAttribute("class", names[shown.codes[n]] || "k-missing"));
      figure.querySelector("figcaption b").textContent = shown.title;
      figure.querySelector(".unit").textContent = shown.unit;
      figure.querySelector(".source").textContent = shown.source;
      figure.querySelector(".map title").textContent = shown.title;
      figure.querySelector(".map desc").textContent = shown.summary;
      says.textContent = shown.summary;
      areas.forEach((area, n) => area.setAttribute("aria-label", found.areas[n][1] + ": " + (shown.texts[n] || "–")));
      figure.querySelector(".legend").replaceChildren(
        ...shown.legend.map(([name, label]) => {
          const item = make("li", "", { className: /^k-/.test(name) ? "key" : "" });
          const swatch = figure.querySelector(".swatch").cloneNode(true);
          swatch.querySelector("path").setAttribute("class", name);
          item.append(swatch, label);
          return item;
        }),
      );
    };
    const choose = (data) => {
      found = data;
      const year = period.value;
      period.replaceChildren(...data.periods.map((each) => make("option", each.said, { value: each.period })));
      if (data.periods.some((each) => each.period === year)) period.value = year;
      figure.querySelector(".map").dataset.live = "";
      if (start) {
        const link = document.querySelector(".more a");
        link.href = link.href.replace(/[^/]+\/index\.html$/, data.indicator + "/index.html");
        link.textContent = data.more;
      }
      draw();
    };
    const fetch_ = (id) =>
      load((start ? "indikator/" + id + "/" : "") + "karta.js", "map " + id).then(choose, () => {});
    period.addEventListener("change", draw);
    if (start) measure.addEventListener("change", () => fetch_(measure.value));
    addEventListener("load", () => fetch_(figure.dataset.indicator));
    const svg = figure.querySelector(".map"), areas = [...svg.querySelectorAll("a")];
    const tip = make("p", "", { className: "tip", hidden: true });
    tip.ariaHidden = "true";
    const rings = ["halo", "ring"].map((name) => {
      const ring = document.createElementNS("http://www.w3.org/2000/svg", "path");
      ring.setAttribute("class", name);
      return ring;
    });
    figure.append(tip);
    areas[0].parentNode.append(...rings); // where the map is scaled, they are too
    for (const area of areas) {
      const title = area.querySelector("title");
      area.setAttribute("aria-label", title.textContent);
      title.remove();
    }
    areas[0].tabIndex = 0;
    const middle = (area) => {
      const box = area.getBoundingClientRect();
      return [box.x + box.width / 2, box.y + box.height / 2];
    };
    const show = (area, [x, y]) => {
      const frame = figure.getBoundingClientRect();
      for (const ring of rings) ring.setAttribute("d", area.lastElementChild.getAttribute("d"));
      tip.textContent = area.getAttribute("aria-label");
      tip.hidden = false;
      tip.style.left = Math.max(0, Math.min(x - frame.x + 14, frame.width - tip.offsetWidth)) + "px";
      tip.style.top = y - frame.y + 18 + "px";
    };
    const hide = () => {
      tip.hidden = true;
      for (const ring of rings) ring.removeAttribute("d");
    };
    svg.addEventListener("pointermove", (event) => {
      const area = event.target.closest("a");
      if (area) show(area, [event.clientX, event.clientY]);
      else hide();
    });
    svg.addEventListener("pointerleave", hide);
    // Listened for around the map: a picture that listens for focus itself becomes a stop of its own.
    figure.addEventListener("focusin", (event) => {
      for (const area of areas) area.tabIndex = area === event.target ? 0 : -1;
      show(event.target, middle(event.target));
    });
    figure.addEventListener("focusout", hide);
    const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    svg.addEventListener("keydown", (event) => {
      if (event.key === "Escape") hide();
      const way = ways[event.key], here = event.target.closest("a");
      if (!way || !here) return;
      event.preventDefault();
      // The nearest area that lies more ahead than to the side.
      const [x, y] = middle(here);
      let next, least = Infinity;
      for (const area of areas) {
        const [u, v] = middle(area), ahead = (u - x) * way[0] + (v - y) * way[1], aside = Math.abs((u - x) * way[1] + (v - y) * way[0]);
        if (ahead > 1 && aside <= ahead * 1.5 && ahead + 2 * aside < least) [next, least] = [area, ahead + 2 * aside];
      }
      if (next) next.focus();
    });
  }

  // -- search: words in any order, without accents, also by other names
  const fold = (text) => text.toLowerCase().replace(/æ/g, "a").replace(/ø/g, "o").normalize("NFD").replace(/[^a-z0-9]+/g, (m) => (/^[\u0300-\u036f]+$/.test(m) ? "" : " ")).trim();
  // Whether a word is another but for one letter in five, from four letters on: wrong, missing, extra or swapped.
  const slip = (a, b) => {
    const most = a.length < 4 ? 0 : Math.max(1, Math.floor(a.length / 5));
    if (Math.abs(a.length - b.length) > most) return false;
    const d = [...a, ""].map((_, i) => [i]);
    for (let j = 1; j <= b.length; j++) d[0][j] = j;
    for (let i = 1; i <= a.length; i++)
      for (let j = 1; j <= b.length; j++) {
        d[i][j] = Math.min(d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] !== b[j - 1]));
        if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
      }
    return d[a.length][b.length] <= most;
  };
  const find = $("find");
  if (find) {
    const groups = [...document.querySelectorAll(".finder details")], open = groups.map((g) => g.open);
    const entries = [...document.querySelectorAll(".finder li")].map((li) => {
      const name = fold(li.textContent);
      return [li, [name.replaceAll(" ", ""), ...name.split(" "), ...(li.dataset.also || "").split(" ")]];
    });
    const begins = (asked, words) => asked.every((word) => words.some((w) => w.startsWith(word)));
    const nearly = (asked, words) => asked.every((word) => words.some((w) => slip(word, w) || slip(word, w.slice(0, word.length))));
    find.addEventListener("input", () => {
      const asked = fold(find.value).split(" ").filter(Boolean), joined = [asked.join("")];
      // As in the app: the beginnings of words in any order, else written as one word, else with a slip of the finger.
      const rules = [(words) => begins(asked, words), (words) => begins(joined, words), (words) => nearly(asked, words) || nearly(joined, words)];
      const rule = rules.find((r) => entries.some(([, words]) => r(words))) || (() => false);
      let number = 0;
      for (const [li, words] of entries) {
        li.hidden = !rule(words);
        number += !li.hidden;
      }
      groups.forEach((g, i) => {
        const some = g.querySelector("li:not([hidden])");
        g.hidden = !some;
        g.open = asked.length ? !!some : open[i];
      });
      const says = $("found");
      says.textContent = !asked.length ? "" : number ? says.dataset.some + " " + number : says.dataset.none;
    });
    find.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !find.value.trim()) return;
      const shown = entries.filter(([li]) => !li.hidden), whole = fold(find.value).replaceAll(" ", "");
      const [best] = shown.find(([, words]) => words[0] === whole) || shown[0] || [];
      if (best) location.href = best.querySelector("a").href;
    });
  }

  // -- tables: a heading sorts
  const number = (text) => {
    const found = text.replace(/[\s\u00a0\u202f]/g, "").replace("−", "-").match(lang === "sv" ? /^-?\d+(,\d+)?/ : /^-?[\d,]+(\.\d+)?/);
    return found ? parseFloat(lang === "sv" ? found[0].replace(",", ".") : found[0].replaceAll(",", "")) : NaN;
  };
  for (const table of document.querySelectorAll("main table")) {
    const body = table.tBodies[0];
    if (!table.tHead || body.rows.length < 4 || body.querySelector(".section") || table.closest("#choose")) continue;
    [...table.tHead.rows[0].cells].forEach((th, column) => {
      const button = make("button", th.textContent, { type: "button" });
      th.replaceChildren(button);
      button.addEventListener("click", () => {
        const down = th.getAttribute("aria-sort") !== "descending" && th.classList.contains("n");
        const up = th.getAttribute("aria-sort") !== "ascending" && !th.classList.contains("n");
        const sign = down || (!th.classList.contains("n") && !up) ? -1 : 1;
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        th.setAttribute("aria-sort", sign < 0 ? "descending" : "ascending");
        const key = (row) => (th.classList.contains("n") ? number(row.cells[column].textContent) : row.cells[column].textContent);
        const rows = [...body.rows].filter((row) => !row.classList.contains("city"));
        rows.sort((a, b) => {
          const [x, y] = [key(a), key(b)];
          if (typeof x === "string") return sign * x.localeCompare(y, lang);
          return Number.isNaN(x) - Number.isNaN(y) || sign * (x - y) || 0;
        });
        body.append(...rows);
      });
    });
  }

  // -- comparison: up to six areas beside the city; which ones stand in the address, so that a link and the way back show them
  const choice = $("choose");
  if (choice) {
    const MOST = 6, KEY = "#omraden=", says = choice.dataset;
    const add = $("add"), told = $("told"), frame = choice.querySelector(".scroll"), table = frame.querySelector("table");
    const names = Object.fromEntries([...add.options].map((option) => [option.value, option.text]));
    const kept = {};
    let shown = [], words = "", focus = -1;
    const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
    const tell = (text) => (told.textContent = text);
    const get = (id) => (kept[id] ||= load(says.root + id + "/siffror.js", "area " + id).catch((error) => {
      delete kept[id]; // the next try asks again
      throw error;
    }));
    // What the address asks for: each area once, those that there are, six at most; and a sentence for what is left out.
    const asked = () => {
      const ids = location.hash.slice(KEY.length).split(",").filter(Boolean), wrong = [];
      const known = [...new Set(ids)].filter((id) => Object.hasOwn(names, id) || !wrong.push(fill(says.unknown, { name: id.slice(0, 60) })));
      if (known.length > MOST) wrong.push(says.full);
      return [known.slice(0, MOST), wrong];
    };
    const cell = (figure, year) => {
      const td = make("td", figure ? figure[0] : "-", { className: "n" });
      const more = figure ? [figure[1] === year ? "" : figure[1], figure[2]].filter(Boolean).join(", ") : "";
      if (more) td.append(make("br"), make("small", more));
      return td;
    };
    const draw = (city, areas) => {
      shown = areas;
      $("chosen").replaceChildren(
        ...areas.map((area) => {
          const button = make("button", says.remove + ": " + area.name, { type: "button" });
          button.addEventListener("click", () => {
            focus = shown.indexOf(area);
            to(shown.filter((each) => each !== area), fill(says.removed, { name: area.name, number: shown.length - 1 }));
          });
          return button;
        }),
      );
      frame.hidden = $("overlaps").hidden = $("marks").hidden = !areas.length;
      if (!areas.length) return fit();
      const head = table.tHead.rows[0];
      while (head.cells.length > 1) head.lastChild.remove();
      for (const area of [city, ...areas]) head.append(make("th", area.name, { scope: "col", className: "n" }));
      for (const body of table.tBodies) {
        const rows = [...body.rows].filter((row) => row.dataset.id);
        for (const row of rows) {
          const figures = areas.map((area) => (area.figures[row.dataset.id] || [])[0]);
          // A row is about the newest year that most have; the city is shown the same year, and a cell of another year says which.
          const years = figures.filter(Boolean).map((figure) => figure[1]);
          const often = (year) => years.filter((each) => each === year).length;
          const year = years.sort((x, y) => often(y) - often(x) || (x < y) - (x > y))[0];
          row.hidden = !year;
          row.querySelector("small").textContent = year || "";
          while (row.cells.length > 1) row.lastChild.remove();
          const whole = (city.figures[row.dataset.id] || []).find((figure) => figure[1] === year);
          row.append(...[whole, ...figures].map((figure) => cell(figure, year)));
        }
        body.hidden = rows.every((row) => row.hidden);
        body.rows[0].cells[0].colSpan = areas.length + 2;
      }
      const shared = (a, b) => a.parts.some((part) => b.parts.includes(part));
      const pairs = areas.flatMap((a, n) => areas.slice(n + 1).filter((b) => shared(a, b)).map((b) => ({ one: a.name, other: b.name })));
      $("overlaps").textContent = pairs.map((pair) => fill(says.overlap, pair)).join(" ");
      fit();
    };
    const fit = () => ($("wide").hidden = frame.hidden || frame.scrollWidth <= frame.clientWidth);
    const to = (areas, text) => {
      words = text;
      const next = KEY + areas.map((area) => area.id).join(",");
      if (location.hash === next) read();
      else location.hash = next;
    };
    const read = async () => {
      if (location.hash && !location.hash.startsWith(KEY)) return;
      const here = location.hash, [ids, wrong] = asked();
      const answers = await Promise.allSettled(ids.length ? [says.city, ...ids].map(get) : []);
      if (location.hash !== here) return;
      if (answers.some((answer) => answer.reason)) wrong.push(says.failed);
      const [city, ...areas] = answers.map((answer) => answer.value);
      draw(city, city ? areas.filter(Boolean) : []);
      tell(wrong.join(" ") || words);
      document.querySelector(".other").hash = here;
      if (focus >= 0) ($("chosen").children[Math.min(focus, shown.length - 1)] || add).focus();
      [words, focus] = ["", -1];
    };
    $("adds").addEventListener("click", () => {
      const id = add.value, values = { name: names[id], number: shown.length + 1 };
      if (!id) return tell(says.none);
      if (shown.some((area) => area.id === id)) return tell(fill(says.twice, values));
      if (shown.length >= MOST) return tell(says.full);
      add.selectedIndex = 0;
      to([...shown, { id }], fill(says.added, values));
    });
    addEventListener("hashchange", read);
    addEventListener("resize", fit);
    read();
  }
})();
