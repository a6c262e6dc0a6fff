// A guest selects words of the text, and a button leads to the form with these words.
// Without this, the guest copies the words into the form.

const LONGEST = 1000;

const body = document.querySelector(".story__body");
const form = document.getElementById("guest-form");
const button = document.querySelector(".guest-select");

// Return the selected words of the text and the number of their block, or null.
function selected() {
  const selection = document.getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!body.contains(range.commonAncestorContainer)) return null;
  const words = range.cloneContents();
  for (const number of words.querySelectorAll(".footnote-ref")) number.remove();
  const block = [...body.children].findIndex((child) => range.intersectsNode(child));
  const text = [...words.childNodes].map((node) => node.textContent).join("\n").trim();
  return text && text.length <= LONGEST ? { text, block } : null;
}

function fill() {
  const found = selected();
  if (!found) return;
  form.elements.passage.value = found.text;
  form.elements.block.value = Math.max(0, found.block);
  form.elements.text.focus();
  button.hidden = true;
}

if (body && form && button) {
  document.addEventListener("selectionchange", () => {
    button.hidden = !selected();
  });
  button.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("click", fill);
  document.addEventListener("keydown", (event) => {
    if (event.code !== "KeyM" || !event.altKey || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    fill();
  });
}
