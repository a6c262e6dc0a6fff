// A text area whose changes can be undone, and where its caret is.

// Everything that decides where a line breaks.
const COPIED = [
  "boxSizing", "inlineSize", "fontFamily", "fontSize", "fontWeight", "fontStyle", "letterSpacing", "lineHeight",
  "paddingTop", "paddingRight", "paddingBottom", "paddingLeft", "borderTopWidth", "borderRightWidth",
  "borderBottomWidth", "borderLeftWidth", "textTransform", "wordSpacing", "tabSize", "direction",
];

const MOST_STEPS = 200;

export class TextArea {
  constructor(element) {
    this.element = element;
  }

  get text() {
    return this.element.value;
  }

  get start() {
    return this.element.selectionStart;
  }

  get end() {
    return this.element.selectionEnd;
  }

  get selected() {
    return this.text.slice(this.start, this.end);
  }

  // Replace a part of the text, and select from one place to another. One step for Ctrl+Z.
  // execCommand is deprecated, but only it keeps the undo history; setRangeText corrupts it.
  replace(from, to, text, selectFrom = from + text.length, selectTo = selectFrom) {
    this.element.focus({ preventScroll: true });
    this.element.setSelectionRange(from, to);
    if (text) document.execCommand("insertText", false, text);
    else if (from !== to) document.execCommand("delete");
    this.element.setSelectionRange(selectFrom, selectTo);
  }

  // Chromium keeps one undo history for all fields: take out of it what was typed elsewhere since the last change
  // of this text. Otherwise Ctrl+Z would undo that first, where nobody sees it.
  forgetTypingElsewhere() {
    const { text } = this;
    for (let step = 0; step < MOST_STEPS && this.text === text; step += 1) {
      if (!document.execCommand("undo")) break;
    }
    if (this.text !== text) document.execCommand("redo");
  }

  insert(text) {
    this.replace(this.start, this.end, text);
  }

  // The line in which a place is: where it begins and ends, and its text.
  lineAt(place) {
    const from = this.text.lastIndexOf("\n", place - 1) + 1;
    const end = this.text.indexOf("\n", place);
    const to = end < 0 ? this.text.length : end;
    return { from, to, text: this.text.slice(from, to) };
  }

  // The number of the line in which the caret is; the first is 0.
  get lineNumber() {
    return this.text.slice(0, this.start).split("\n").length - 1;
  }

  // Put the caret at the beginning of a line, where it can be seen.
  goToLine(number) {
    let place = 0;
    for (let line = 0; line < number; line += 1) {
      const next = this.text.indexOf("\n", place);
      if (next < 0) break;
      place = next + 1;
    }
    this.goTo(place);
  }

  goTo(from, to = from) {
    this.element.focus({ preventScroll: true });
    this.element.setSelectionRange(from, to);
    const { top } = this.placeOf(from);
    const box = this.element.getBoundingClientRect();
    const middle = window.scrollY + box.top + top - window.innerHeight / 3;
    window.scrollTo({ top: middle });
  }

  // Where a place of the text is on the screen, relative to the text area.
  placeOf(place) {
    return this.placesOf([place])[0];
  }

  // Where some places of the text are, which come in the order of the text: a copy of the text tells.
  placesOf(places) {
    const copy = document.createElement("div");
    const style = getComputedStyle(this.element);
    for (const name of COPIED) copy.style[name] = style[name];
    Object.assign(copy.style, { position: "absolute", visibility: "hidden", whiteSpace: "pre-wrap", overflowWrap: "break-word" });
    let end = 0;
    const marks = places.map((place) => {
      const mark = document.createElement("span");
      mark.textContent = place < end ? "" : this.text.slice(place, place + 1) || ".";
      copy.append(this.text.slice(end, place), mark);
      end = Math.max(end, place + mark.textContent.length);
      return mark;
    });
    this.element.after(copy);
    const found = marks.map((mark) => ({ top: mark.offsetTop - this.element.scrollTop, left: mark.offsetLeft, height: mark.offsetHeight }));
    copy.remove();
    return found;
  }
}
