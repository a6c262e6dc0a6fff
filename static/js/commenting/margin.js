// The state of each passage as a word in the margin of the text, in the colour of its comment.

const LINE = 22; // Marks of one line stand below each other, in pixels.

export class Margin {
  // `choose` is called with the key of the comment whose mark is pressed.
  constructor(area, choose) {
    this.area = area;
    this.box = document.createElement("div");
    this.box.className = "margin";
    area.element.after(this.box);
    this.box.addEventListener("click", (event) => {
      const mark = event.target.closest("button");
      if (mark) choose(mark.dataset.comment);
    });
    new ResizeObserver(() => this.draw()).observe(area.element);
  }

  // Show marks: {key, start, state, word, quote}.
  show(marks) {
    this.marks = marks.toSorted((one, other) => one.start - other.start);
    this.area.element.classList.toggle("has-margin", marks.length > 0);
    this.draw();
  }

  draw() {
    if (!this.marks?.length) return this.box.replaceChildren();
    const places = this.area.placesOf(this.marks.map(({ start }) => start));
    let free = 0;
    this.box.replaceChildren(...this.marks.map(({ key, state, word, quote }, number) => {
      const mark = document.createElement("button");
      mark.type = "button";
      mark.tabIndex = -1; // The list beside the text is for the keyboard.
      mark.className = `margin__mark margin__mark--${state}`;
      mark.dataset.comment = key;
      mark.textContent = word;
      mark.title = quote;
      const top = Math.max(places[number].top, free);
      free = top + LINE;
      mark.style.insetBlockStart = `${this.area.element.offsetTop + top}px`;
      return mark;
    }));
  }
}
