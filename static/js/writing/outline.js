// The headings of a text, each leading to its line, and how many words and minutes it has.

import { language, ngettext } from "../sentences.js";

const PAUSE_MS = 250;
const WORDS = /[\p{L}\p{N}_]+(?:['’-][\p{L}\p{N}_]+)*/gu;

export class Outline {
  // `list` shows the headings, `count` the words. `wordsAMinute` is how fast readers read.
  constructor(area, list, count, wordsAMinute) {
    Object.assign(this, { area, list, count, wordsAMinute });
    area.element.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.show(), PAUSE_MS);
    });
    list.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) area.goToLine(Number(button.dataset.line));
    });
    this.show();
  }

  show() {
    const { text } = this.area;
    const words = text.match(WORDS)?.length ?? 0;
    const minutes = Math.max(1, Math.ceil(words / this.wordsAMinute));
    const values = { words: words.toLocaleString(language), minutes };
    this.count.textContent = ngettext("%(words)s words, %(minutes)s minute", "%(words)s words, %(minutes)s minutes", minutes, values);
    const headings = headingsOf(text);
    const shown = JSON.stringify(headings);
    if (shown === this.shown) return;
    this.shown = shown;
    this.list.replaceChildren(...headings.map(({ level, title, line }) => {
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.line = line;
      button.textContent = title;
      const item = document.createElement("li");
      item.className = `outline__level-${level}`;
      item.append(button);
      return item;
    }));
    this.list.closest("details").hidden = !headings.length;
  }
}

function headingsOf(text) {
  const headings = [];
  let isCode = false;
  text.split("\n").forEach((line, number) => {
    if (/^(?:```|~~~)/.test(line)) isCode = !isCode;
    const match = !isCode && line.match(/^(#{1,4}) +(.+?) *#*$/);
    if (match) headings.push({ level: Math.max(2, match[1].length), title: match[2], line: number });
  });
  return headings;
}
