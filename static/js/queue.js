// Lists and decisions by keyboard: a key chooses a row, a button, a field or a canned reason, and Enter presses it.
// Without this, everything is reached with Tab. The keys can be switched off, because speech input
// and a hand that slips would press them (https://www.w3.org/WAI/WCAG22/Understanding/character-key-shortcuts).

import { gettext } from "./sentences.js";

const OFF = "queue-keys-off";
const bar = document.getElementById("queue-keys");
const canned = document.querySelector("select[name=canned]");
const reason = document.querySelector("textarea[name=reason]");

function isTyping(target) {
  return target.closest("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])");
}

function fillIn(option) {
  const known = [...canned.options].map((each) => each.dataset.text);
  const isOwn = reason.value.trim() && !known.includes(reason.value);
  if (option.dataset.text && !isOwn) reason.value = option.dataset.text;
}

function choose(number) {
  const option = canned?.options[number];
  if (!option) return;
  canned.selectedIndex = number;
  fillIn(option);
  reason.focus();
}

function step(by) {
  const links = [...document.querySelectorAll(".queue li > a, #result_list .row-link, #result_list tbody th a:only-of-type")];
  const at = links.indexOf(document.activeElement);
  links[Math.min(Math.max(at + by, 0), links.length - 1)]?.focus();
}

function press(event) {
  if (event.key === "Escape" && isTyping(event.target)) event.target.blur();
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  // In a list with buttons in each row, those of the row in which one is.
  const key = `[data-key="${CSS.escape(event.key)}"]`;
  const target = event.target.closest("[data-keys]")?.querySelector(key) ?? document.querySelector(key);
  if (target) {
    event.preventDefault();
    if (target.matches("a")) target.click();
    else target.focus();
  } else if (/^[1-9]$/.test(event.key)) {
    event.preventDefault();
    choose(Number(event.key));
  } else if (event.key === "j" || event.key === "k") {
    step(event.key === "j" ? 1 : -1);
  }
}

function show(isOn) {
  const button = bar.querySelector("button");
  button.setAttribute("aria-pressed", isOn);
  button.textContent = isOn ? gettext("Keys on") : gettext("Keys off");
  document.removeEventListener("keydown", press);
  if (isOn) document.addEventListener("keydown", press);
}

canned?.addEventListener("change", () => fillIn(canned.selectedOptions[0]));
if (bar) {
  bar.hidden = false;
  bar.querySelector("button").addEventListener("click", () => {
    const isOn = localStorage.getItem(OFF) !== null;
    if (isOn) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
    show(isOn);
  });
  show(localStorage.getItem(OFF) === null);
}
