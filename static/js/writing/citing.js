// The sources of a story, one on each line of a field; “[@” in the text cites one by its key.

import { TextArea } from "./text_area.js";

const KEYED = /^@([\p{L}\p{N}][\p{L}\p{N}_-]*) \| /u;

export class Sources {
  constructor(field) {
    this.area = new TextArea(field);
  }

  get lines() {
    return this.area.text.split("\n");
  }

  // The sources whose line contains what is typed: {number of the line, key or "", title}.
  matching(typed) {
    const wanted = typed.toLowerCase();
    return this.lines.flatMap((line, number) => {
      if (!line.trim() || !line.toLowerCase().includes(wanted)) return [];
      const key = line.match(KEYED)?.[1] ?? "";
      return [{ number, key, title: line.replace(KEYED, "").split(" | ")[0] }];
    });
  }

  // The key of a source. If it has none, write one before its title.
  keyOf({ number, key, title }) {
    if (key) return key;
    const made = this.freeKey(title);
    const from = this.lines.slice(0, number).reduce((length, line) => length + line.length + 1, 0);
    this.area.replace(from, from, `@${made} | `);
    return made;
  }

  // The first long word of the title, with a number if another source has it.
  freeKey(title) {
    const words = title.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ["source"];
    const word = (words.find((each) => each.length > 3) ?? words[0]).slice(0, 30);
    const taken = new Set(this.lines.map((line) => line.match(KEYED)?.[1]));
    let [free, number] = [word, 1];
    while (taken.has(free)) free = `${word}-${(number += 1)}`;
    return free;
  }

  // Go to the end of the field, where the next source is written.
  open() {
    this.area.goTo(this.area.text.length);
  }
}
