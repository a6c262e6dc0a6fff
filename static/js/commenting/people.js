// A menu of the people who work here, after “@” in a comment.

import { Menu } from "../writing/menu.js";

const PAUSE_MS = 150;

export class PeopleMenu extends Menu {
  // `list` is the list box. `address` answers who begins with what is typed.
  constructor(area, list, address) {
    super(area, list, [], address);
  }

  look() {
    const line = this.area.lineAt(this.area.start);
    const typed = line.text.slice(0, this.area.start - line.from).match(/(?:^|[^\p{L}\p{N}_.@+-])@([\p{L}\p{N}_.+-]*)$/u);
    if (!typed) return this.close();
    this.offerPeople(this.area.start - typed[1].length, typed[1]);
  }

  offerPeople(from, typed) {
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      this.request?.abort();
      this.request = new AbortController();
      try {
        const response = await fetch(`${this.address}?q=${encodeURIComponent(typed)}`, { signal: this.request.signal });
        if (!response.ok) return this.close();
        const { found } = await response.json();
        this.open(from, found.map(({ label, kind }) => ({
          label,
          kind,
          choose: () => this.area.replace(from, this.area.start, `${label} `),
        })));
      } catch (error) {
        if (error.name !== "AbortError") this.close();
      }
    }, PAUSE_MS);
  }
}
