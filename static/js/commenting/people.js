// A menu of the people who work here, after “@” in a comment.

import { Menu } from "../writing/menu.js";

export class PeopleMenu extends Menu {
  // `list` is the list box. `address` answers who begins with what is typed.
  constructor(area, list, address) {
    super(area, list, [], address);
  }

  look() {
    const line = this.area.lineAt(this.area.start);
    const typed = line.text.slice(0, this.area.start - line.from).match(/(?:^|[^\p{L}\p{N}_.@+-])@([\p{L}\p{N}_.+-]*)$/u);
    if (!typed) return this.close();
    this.ask(this.area.start - typed[1].length, typed[1], ({ label }) => `${label} `);
  }
}
