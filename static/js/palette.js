// Ctrl+K: find stories, founders, tags and commands, and go there.
// A dialog with an editable combobox (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/).
// Without this, “Find” is a link to a page that does the same.

import { gettext, ngettext } from "./sentences.js";

const PAUSE_MS = 120;

class Palette {
  constructor(dialog) {
    this.dialog = dialog;
    this.input = dialog.querySelector("input");
    this.list = dialog.querySelector("ul");
    this.status = dialog.querySelector("[role=status]");
    this.active = -1;
    document.addEventListener("keydown", (event) => this.listen(event));
    document.querySelectorAll("[data-opens-palette]").forEach((link) => {
      link.addEventListener("click", (event) => this.open(event));
    });
    this.input.addEventListener("input", () => this.wait());
    this.input.addEventListener("keydown", (event) => this.press(event));
    this.list.addEventListener("click", (event) => this.go(event.target.closest("[role=option]"), event));
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  }

  // In the text, Ctrl+K makes a link; its handler has prevented the default.
  listen(event) {
    const isAsked = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
    if (isAsked && !event.defaultPrevented) this.open(event);
  }

  open(event) {
    event.preventDefault();
    if (this.dialog.open) return;
    this.dialog.showModal();
    this.input.select();
    this.ask();
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE_MS);
  }

  async ask() {
    // Only the answer to the newest text counts.
    this.request?.abort();
    this.request = new AbortController();
    const query = new URLSearchParams({ q: this.input.value, json: "" });
    try {
      const response = await fetch(`${this.dialog.dataset.find}?${query}`, { signal: this.request.signal, redirect: "error" });
      if (!response.ok) throw new Error(`${response.status}`);
      this.show((await response.json()).found);
    } catch (error) {
      if (error.name !== "AbortError") this.status.textContent = gettext("The server does not answer.");
    }
  }

  show(found) {
    this.list.replaceChildren(...found.map((each, number) => option(each, number)));
    this.list.hidden = !found.length;
    this.input.setAttribute("aria-expanded", String(found.length > 0));
    this.status.textContent = found.length
      ? ngettext("%(count)s found", "%(count)s found", found.length, { count: found.length })
      : gettext("Nothing is called like that.");
    this.choose(found.length && this.input.value ? 0 : -1);
  }

  choose(number) {
    const options = [...this.list.children];
    this.active = number;
    options.forEach((each, place) => each.setAttribute("aria-selected", String(place === number)));
    options[number]?.scrollIntoView({ block: "nearest" });
    if (options[number]) this.input.setAttribute("aria-activedescendant", options[number].id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  press(event) {
    const count = this.list.children.length;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps && count) {
      event.preventDefault();
      this.choose((Math.max(this.active, event.key === "ArrowUp" ? 0 : -1) + steps[event.key] + count) % count);
    } else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      this.go(this.list.children[this.active], event);
    }
  }

  go(chosen, event) {
    if (!chosen) return;
    if (event.ctrlKey || event.metaKey) open(chosen.dataset.address, "_blank", "noopener");
    else location.assign(chosen.dataset.address);
  }
}

function option({ kind, label, about, address }, number) {
  const row = document.createElement("li");
  row.role = "option";
  row.id = `palette-${number}`;
  row.dataset.address = address;
  const name = document.createElement("bdi");
  name.textContent = label;
  const words = document.createElement("small");
  words.textContent = about ? `${kind}, ${about}` : kind;
  row.append(name, " ", words);
  return row;
}

const dialog = document.getElementById("palette");
if (dialog) new Palette(dialog);
