// Notes when heading, key figures and map first stand on the page, in milliseconds since navigation began.
(() => {
  if (window !== window.top) return;
  const stages = (window.__stages = {});
  const roots = [];
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (options) {
    const root = attach.call(this, options);
    roots.push(root);
    return root;
  };

  // A canvas map is drawn when the graphics card is first told to draw much more than a rectangle.
  const MUCH = 100; // corners, or copies of a shape
  const COUNT = { drawElements: 1, drawElementsInstanced: 1, drawArrays: 2, drawArraysInstanced: 2 };
  let drawn = false;
  for (const kind of [window.WebGLRenderingContext, window.WebGL2RenderingContext]) {
    for (const [name, place] of Object.entries(COUNT)) {
      const draw = kind?.prototype[name];
      if (!draw) continue;
      kind.prototype[name] = function (...values) {
        drawn ||= values[place] > MUCH || (name.endsWith("Instanced") && values.at(-1) > MUCH);
        return draw.apply(this, values);
      };
    }
  }

  const text = () => document.querySelector('[data-testid="stMain"]')?.textContent ?? "";
  const tests = {
    text: () => document.querySelector("h1")?.textContent,
    figures: () => /\d[\s\u00a0\u202f]?(%|kronor)/.test(text()),
    map: () => drawn || roots.some((root) => root.querySelector("svg path.area")),
  };
  const look = () => {
    for (const [stage, test] of Object.entries(tests)) {
      if (!(stage in stages) && test()) stages[stage] = performance.now();
    }
    if (Object.keys(stages).length < Object.keys(tests).length) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();
