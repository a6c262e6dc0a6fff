// Move the parts of a series up and down with buttons, with Alt and an arrow key, or by their numbers; add others.
// Without this, the numbers put them in order when the form is saved, and a line takes the slugs of others.

import { gettext } from "./sentences.js";

const $ = window.django.jQuery;

function rows(parts) {
  return [...parts.querySelectorAll(".part")];
}

function renumber(parts) {
  rows(parts).forEach((row, index) => {
    row.querySelector(".part__number").value = index + 1;
  });
  parts.querySelector(".parts__none").hidden = rows(parts).length > 0;
}

function tell(parts, row) {
  const all = rows(parts);
  const values = { title: row.dataset.title, number: all.indexOf(row) + 1, count: all.length };
  parts.querySelector(".parts__status").textContent = gettext("“%(title)s” is part %(number)s of %(count)s. Not saved yet.", values);
}

// Put a row at an index, and keep the focus where it was.
function place(parts, row, index) {
  const focused = document.activeElement;
  const others = rows(parts).filter((each) => each !== row);
  const before = others[Math.max(0, Math.min(index, others.length))];
  row.parentElement.insertBefore(row, before ?? null);
  renumber(parts);
  focused?.focus();
  tell(parts, row);
}

function step(parts, row, by) {
  const index = rows(parts).indexOf(row) + by;
  if (index >= 0 && index < rows(parts).length) place(parts, row, index);
}

// Fill the placeholders of the template: as attributes and text, never as HTML.
function fill(element, values) {
  for (const each of [element, ...element.querySelectorAll("*")]) {
    for (const { name, value } of [...each.attributes]) {
      each.setAttribute(name, value.replace(/KEY|TITLE/g, (word) => values[word]));
    }
    for (const node of each.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) node.data = node.data.replace(/TITLE/g, () => values.TITLE);
    }
  }
}

function add(parts, key, title) {
  const known = rows(parts).find((row) => row.querySelector("[type=hidden]").value === key);
  const row = known ?? parts.querySelector("template").content.querySelector(".part").cloneNode(true);
  if (!known) {
    fill(row, { KEY: key, TITLE: title });
    parts.querySelector(".parts__list").append(row);
    row.querySelector(".part__steps").hidden = false;
    renumber(parts);
  }
  row.querySelector("[type=checkbox]").checked = false;
  tell(parts, row);
}

function begin(parts) {
  for (const steps of parts.querySelectorAll(".part__steps")) steps.hidden = false;
  parts.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (button) step(parts, button.closest(".part"), Number(button.dataset.step));
  });
  parts.addEventListener("keydown", (event) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const row = event.target.closest(".part");
    if (!by || !row || !event.altKey) return;
    event.preventDefault();
    step(parts, row, by);
  });
  parts.addEventListener("change", (event) => {
    if (event.target.matches(".part__number")) place(parts, event.target.closest(".part"), event.target.valueAsNumber - 1 || 0);
  });
  const select = parts.querySelector(".parts__add select");
  $(select).on("select2:select", (event) => {
    add(parts, event.params.data.id, event.params.data.text);
    $(select).val(null).trigger("change");
  });
}

for (const parts of document.querySelectorAll(".parts")) begin(parts);
