/* A button that copies the address of the page as it is now. */

export default function ({ data, parentElement }) {
  const parts = (parentElement.copyLink ??= build(parentElement));
  parts.words = data;
  parts.button.textContent = data.label;
}

function build(root) {
  const parts = { button: add(root, "button"), said: add(root, "span"), field: add(root, "input") };
  parts.button.type = "button";
  parts.said.setAttribute("role", "status");
  parts.field.readOnly = true;
  parts.field.hidden = true;
  parts.button.addEventListener("click", () => copy(parts));
  return parts;
}

function add(root, tag) {
  return root.appendChild(document.createElement(tag));
}

async function copy({ button, said, field, words }) {
  try {
    await navigator.clipboard.writeText(location.href);
    said.textContent = words.copied;
  } catch {
    field.hidden = false;
    field.value = location.href;
    field.setAttribute("aria-label", words.failed);
    field.select();
    said.textContent = document.execCommand("copy") ? words.copied : words.failed;
  }
  setTimeout(() => (said.textContent = ""), 4000);
  button.focus();
}
