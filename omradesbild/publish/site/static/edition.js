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

  // -- the map: years and measures, names where the pointer is, a click leads to the area
  const figure = document.querySelector("figure.mapped");
  if (figure) {
    const measure = $("measure"), paths = [...figure.querySelectorAll(".map g path")];
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
      figure.querySelector(".legend").replaceChildren(
        ...shown.legend.map(([name, label]) => {
          const item = make("li");
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
    const map = figure.querySelector(".map g");
    map.addEventListener("pointerover", (event) => {
      const n = paths.indexOf(event.target);
      paths.forEach((path, i) => path.classList.toggle("hover", i === n));
      if (shown && n >= 0) says.textContent = found.areas[n][1] + ": " + (shown.texts[n] || "–");
    });
    map.addEventListener("pointerout", () => {
      paths.forEach((path) => path.classList.remove("hover"));
      if (shown) says.textContent = shown.summary;
    });
    map.addEventListener("click", (event) => {
      const n = paths.indexOf(event.target);
      if (found && n >= 0) location.href = (start ? "" : "../../") + "omrade/" + found.areas[n][0] + "/index.html";
    });
  }

  // -- search: words in any order, without accents, also by other names
  const fold = (text) => text.toLowerCase().replace(/æ/g, "a").replace(/ø/g, "o").normalize("NFD").replace(/[^a-z0-9]+/g, (m) => (/^[\u0300-\u036f]+$/.test(m) ? "" : " ")).trim();
  const find = $("find");
  if (find) {
    const groups = [...document.querySelectorAll(".finder details")], open = groups.map((g) => g.open);
    const entries = [...document.querySelectorAll(".finder li")].map((li) => [li, (fold(li.textContent) + " " + (li.dataset.also || "")).split(" ")]);
    find.addEventListener("input", () => {
      const asked = fold(find.value).split(" ").filter(Boolean);
      let number = 0;
      for (const [li, words] of entries) {
        li.hidden = !asked.every((word) => words.some((w) => w.startsWith(word)));
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
      const first = document.querySelector(".finder li:not([hidden]) a");
      if (event.key === "Enter" && find.value.trim() && first) location.href = first.href;
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

  // -- comparison: up to six areas, the city first
  const choice = $("choose");
  if (choice) {
    const add = $("add"), table = choice.querySelector("table"), chosen = [];
    const cell = (figure) => {
      const td = make("td", figure ? figure[0] : "-", { className: "n" });
      if (figure) td.append(make("br"), make("small", [figure[1], figure[2]].filter(Boolean).join(", ")));
      return td;
    };
    const draw = () => {
      const areas = chosen;
      table.parentNode.hidden = areas.length < 2;
      const head = table.tHead.rows[0];
      while (head.cells.length > 1) head.lastChild.remove();
      for (const area of areas) head.append(make("th", area.name, { scope: "col", className: "n" }));
      for (const row of table.tBodies[0].rows) {
        while (row.cells.length > 1) row.lastChild.remove();
        row.hidden = !areas.slice(1).some((area) => area.figures[row.dataset.id]);
        row.append(...areas.map((area) => cell(area.figures[row.dataset.id])));
      }
      $("chosen").replaceChildren(
        ...areas.slice(1).map((area) => {
          const button = make("button", choice.dataset.remove + ": " + area.name, { type: "button" });
          button.addEventListener("click", () => {
            chosen.splice(chosen.indexOf(area), 1);
            draw();
            add.focus();
          });
          return button;
        }),
      );
      add.disabled = areas.length > 6;
    };
    const fetch_ = (id) => load(choice.dataset.root + id + "/siffror.js", "area " + id);
    add.addEventListener("change", async () => {
      const id = add.value;
      add.selectedIndex = 0;
      if (!id) return;
      if (!chosen.length) chosen.push(await fetch_(choice.dataset.city));
      if (chosen.length < 7 && !chosen.some((area) => area.id === id)) chosen.push(await fetch_(id));
      draw();
    });
  }
})();
