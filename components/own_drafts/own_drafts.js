/* The keys of the drafts that this browser has made or opened, the newest first. Only the browser keeps them. */

const MOST = 100;

export default function ({ data, parentElement, setStateValue }) {
  const place = `omradesbild.utkast ${new URL(".", location.href).pathname}`;
  const before = read(place);
  const kept = [...new Set([...data.keys, ...before])].slice(0, MOST);
  if (String(kept) !== String(before)) write(place, kept);
  const unknown = kept.filter((key) => !data.keys.includes(key));
  if (String(unknown) === (parentElement.told ?? "")) return; // what is told runs the page once more
  parentElement.told = String(unknown);
  setStateValue("kept", unknown);
}

function read(place) {
  try {
    const kept = JSON.parse(localStorage.getItem(place));
    return Array.isArray(kept) ? kept.filter((key) => typeof key === "string") : [];
  } catch {
    return []; // a browser that keeps nothing, or something else that stands there
  }
}

function write(place, kept) {
  try {
    localStorage.setItem(place, JSON.stringify(kept));
  } catch {
    // the link is then the only way to the draft, and the page says so
  }
}
