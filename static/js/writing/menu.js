// Menus at the caret: “/” at the beginning of a line offers blocks, “[[” links to stories, founders and tags,
// “[@” cites a source.

import { gettext } from "../sentences.js";
import { COMMANDS } from "./formatting.js";

const PAUSE_MS = 150;
// The height of the bar with the buttons, which covers the end of the page, in pixels.
const BAR = 70;

export class Menu {
  // `list` is the list box. `blocks` are {command, label}; `address` answers what a link may lead to.
  // `choosePicture` opens the dialogue that adds a picture. `sources` are null where there are none.
  constructor(area, list, blocks, address, choosePicture, sources) {
    Object.assign(this, { area, list, blocks, address, choosePicture, sources });
    this.element = area.element;
    this.element.addEventListener("input", () => this.look());
    this.element.addEventListener("keydown", (event) => this.press(event));
    this.element.addEventListener("blur", () => this.close());
    // Before the text area loses the focus.
    list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.choose([...list.children].indexOf(option));
    });
  }

  look() {
    const line = this.area.lineAt(this.area.start);
    const typed = line.text.slice(0, this.area.start - line.from);
    const block = typed.match(/^\/([\p{L} ]*)$/u);
    const link = typed.match(/\[\[([^\[\]]*)$/);
    const citation = this.sources && typed.match(/\[(?:@[^\[\]]*;\s*)?@([^\[\]@;,]*)$/);
    if (block) this.offerBlocks(line.from, block[1]);
    else if (link) this.offerLinks(line.from + link.index, link[1]);
    else if (citation) this.offerSources(this.area.start - citation[1].length, citation[1]);
    else this.close();
  }

  offerBlocks(from, typed) {
    const wanted = typed.trim().toLowerCase();
    const found = this.blocks.filter(({ command, label }) => {
      const name = label.toLowerCase();
      return [command, name, ...name.split(" ")].some((word) => word.startsWith(wanted));
    });
    this.open(from, found.map(({ command, label }) => ({
      label,
      choose: () => {
        this.area.replace(from, this.area.start, "");
        if (command === "picture" || command === "embed") this.choosePicture(command);
        else COMMANDS[command](this.area);
      },
    })));
  }

  offerSources(from, typed) {
    const found = this.sources.matching(typed).map((source) => ({
      label: source.title,
      kind: source.key && `@${source.key}`,
      choose: () => {
        const to = this.area.start;
        const key = this.sources.keyOf(source);
        const isOpen = this.area.text[to] !== "]";
        this.area.replace(from, to, isOpen ? `${key}]` : key);
      },
    }));
    const none = { label: gettext("Write down a source"), choose: () => this.sources.open() };
    this.open(from, found.length || typed ? found : [none]);
  }

  offerLinks(from, typed) {
    this.ask(from, typed, ({ label, address }) => `[${label.replace(/[[\]]/g, "")}](${address})`);
  }

  // Ask the server what begins with what is typed; `written` returns the text for what is chosen.
  ask(from, typed, written) {
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      this.request?.abort();
      this.request = new AbortController();
      try {
        const response = await fetch(`${this.address}?q=${encodeURIComponent(typed)}`, { signal: this.request.signal });
        if (!response.ok) return this.close();
        const { found } = await response.json();
        this.open(from, found.map((each) => ({
          label: each.label,
          kind: each.kind,
          choose: () => this.area.replace(from, this.area.start, written(each)),
        })));
      } catch (error) {
        if (error.name !== "AbortError") this.close();
      }
    }, PAUSE_MS);
  }

  open(from, options) {
    if (!options.length) return this.close();
    this.options = options;
    this.list.replaceChildren(...options.map(({ label, kind }, number) => {
      const option = document.createElement("li");
      option.role = "option";
      option.id = `${this.list.id}-${number}`;
      option.append(label);
      if (kind) {
        const small = document.createElement("small");
        small.textContent = ` ${kind}`;
        option.append(small);
      }
      return option;
    }));
    const { top, left, height } = this.area.placeOf(from);
    this.list.hidden = false;
    const below = this.element.offsetTop + top + height + 2;
    const room = window.innerHeight - BAR - this.element.getBoundingClientRect().top - top - height;
    const isAbove = room < this.list.offsetHeight;
    this.list.style.insetBlockStart = `${isAbove ? below - this.list.offsetHeight - height - 4 : below}px`;
    const most = this.element.offsetLeft + this.element.clientWidth - this.list.offsetWidth;
    this.list.style.insetInlineStart = `${Math.max(0, Math.min(this.element.offsetLeft + left, most))}px`;
    this.element.setAttribute("aria-controls", this.list.id);
    this.mark(0);
  }

  mark(number) {
    this.marked = (number + this.options.length) % this.options.length;
    [...this.list.children].forEach((option, place) => {
      option.ariaSelected = String(place === this.marked);
    });
    const option = this.list.children[this.marked];
    option.scrollIntoView({ block: "nearest" });
    this.element.setAttribute("aria-activedescendant", option.id);
  }

  press(event) {
    if (this.list.hidden) return;
    const does = {
      ArrowDown: () => this.mark(this.marked + 1),
      ArrowUp: () => this.mark(this.marked - 1),
      Enter: () => this.choose(this.marked),
      Tab: () => this.choose(this.marked),
      Escape: () => this.close(),
    }[event.key];
    if (!does) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    does();
  }

  choose(number) {
    const option = this.options[number];
    this.close();
    option.choose();
  }

  close() {
    clearTimeout(this.timer);
    this.request?.abort();
    if (this.list.hidden) return;
    this.list.hidden = true;
    this.element.removeAttribute("aria-activedescendant");
    this.element.removeAttribute("aria-controls");
  }
}
