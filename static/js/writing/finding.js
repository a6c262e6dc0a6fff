// Find and replace in a text. Everything that is replaced can be undone in one step.

import { gettext, ngettext } from "../sentences.js";

export class Finding {
  // `bar` holds the fields "find" and "replace", and buttons with data-find.
  constructor(area, bar) {
    this.area = area;
    this.bar = bar;
    [this.find, this.replacement] = bar.querySelectorAll("input");
    this.said = bar.querySelector("[role=status]");
    this.find.addEventListener("input", () => this.say());
    bar.addEventListener("click", (event) => {
      const button = event.target.closest("[data-find]");
      if (button) this[button.dataset.find]();
    });
    bar.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.preventDefault(); // It would save the story.
        this.step(event.shiftKey ? -1 : 1, true);
      } else if (event.key === "Escape") {
        event.preventDefault();
        this.close();
      }
    });
  }

  open() {
    this.bar.hidden = false;
    const { selected } = this.area;
    if (selected && !selected.includes("\n")) this.find.value = selected;
    this.find.select();
    this.find.focus();
    this.say();
  }

  close() {
    this.bar.hidden = true;
    this.area.element.focus();
  }

  next() {
    this.step(1);
  }

  previous() {
    this.step(-1);
  }

  // Select the next or the previous place; from the last one it goes on at the first.
  step(direction, staysInField = false) {
    const places = this.places();
    if (!places.length) return this.say();
    const { start, end } = this.area;
    const after = places.findIndex((place) => place >= (direction > 0 ? end : start));
    const found = direction > 0 ? (after < 0 ? 0 : after) : (after <= 0 ? places.length : after) - 1;
    this.area.goTo(places[found], places[found] + this.find.value.length);
    this.say(found);
    if (staysInField) this.find.focus();
  }

  one() {
    if (this.area.selected.toLowerCase() !== this.find.value.toLowerCase()) return this.step(1);
    this.area.insert(this.replacement.value);
    this.step(1);
  }

  all() {
    const places = this.places();
    if (!places.length) return this.say();
    const size = this.find.value.length;
    let [text, end] = ["", 0];
    for (const place of places) {
      text += this.area.text.slice(end, place) + this.replacement.value;
      end = place + size;
    }
    this.area.replace(0, this.area.text.length, text + this.area.text.slice(end), 0);
    const count = places.length;
    this.said.textContent = ngettext("%(count)s place replaced.", "%(count)s places replaced.", count, { count });
  }

  places() {
    const wanted = this.find.value.toLowerCase();
    const text = this.area.text.toLowerCase();
    const places = [];
    if (!wanted) return places;
    for (let place = text.indexOf(wanted); place >= 0; place = text.indexOf(wanted, place + wanted.length)) places.push(place);
    return places;
  }

  say(found) {
    const count = this.places().length;
    if (!this.find.value) this.said.textContent = "";
    else if (!count) this.said.textContent = gettext("Not found.");
    else if (found === undefined) this.said.textContent = ngettext("%(count)s place", "%(count)s places", count, { count });
    else this.said.textContent = gettext("%(number)s of %(count)s", { number: found + 1, count });
  }
}
