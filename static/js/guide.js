// Show the part of the guide that a “?” leads to in a dialog, beside what one does.
// Without this, the link opens the guide in a new tab, at the same place.

import { gettext } from "./sentences.js";

async function partOf(address) {
  const { pathname, hash } = new URL(address);
  const response = await fetch(pathname, { redirect: "error" });
  if (!response.ok) throw new Error(`${response.status}`);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const heading = page.getElementById(decodeURIComponent(hash.slice(1)));
  const part = [heading];
  for (let next = heading.nextElementSibling; next && next.tagName !== heading.tagName; next = next.nextElementSibling) part.push(next);
  return part;
}

function createDialog() {
  const dialog = document.createElement("dialog");
  dialog.className = "guide-dialog";
  dialog.setAttribute("aria-label", gettext("Guide"));
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  return dialog;
}

let dialog;

async function show(link) {
  const part = await partOf(link.href);
  dialog ??= createDialog();
  const whole = document.createElement("a");
  whole.href = link.href;
  whole.target = "_blank";
  whole.textContent = gettext("The whole guide");
  const close = document.createElement("button");
  close.type = "button";
  close.className = "button";
  close.textContent = gettext("Close");
  close.addEventListener("click", () => dialog.close());
  const steps = document.createElement("p");
  steps.append(close, " ", whole);
  dialog.replaceChildren(...part, steps);
  dialog.showModal();
}

for (const link of document.querySelectorAll("a[data-guide]")) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(link).catch(() => open(link.href, "_blank"));
  });
}
