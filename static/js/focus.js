// Set the focal point of a picture: by a click, by dragging, or with the arrow keys.
// Without this, the editor types the two percentages into the field.

import { gettext } from "./sentences.js";

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const LARGE_STEP = 10;

const within = (percent) => Math.min(100, Math.max(0, Math.round(percent)));

class FocalPoint {
  constructor(field, picture) {
    Object.assign(this, { field, picture });
    this.mark = document.createElement("button");
    this.mark.type = "button";
    this.mark.className = "stored-image__focus";
    picture.append(this.mark);
    picture.addEventListener("pointerdown", (event) => this.press(event));
    picture.addEventListener("pointermove", (event) => picture.hasPointerCapture(event.pointerId) && this.setFrom(event));
    this.mark.addEventListener("keydown", (event) => this.move(event));
    field.addEventListener("input", () => this.show());
    this.show();
  }

  get point() {
    const [x, y] = (this.field.value.trim() || "50 50").split(/\s+/).map(Number);
    return [x, y].every(Number.isFinite) ? [x, y] : [50, 50];
  }

  press(event) {
    if (event.button !== 0 || this.field.disabled) return;
    event.preventDefault();
    this.picture.setPointerCapture(event.pointerId);
    this.setFrom(event);
    this.mark.focus();
  }

  setFrom(event) {
    const box = this.picture.getBoundingClientRect();
    this.set((100 * (event.clientX - box.left)) / box.width, (100 * (event.clientY - box.top)) / box.height);
  }

  move(event) {
    const step = STEPS[event.key];
    if (!step || this.field.disabled) return;
    event.preventDefault();
    const [x, y] = this.point;
    const size = event.shiftKey ? LARGE_STEP : 1;
    this.set(x + step[0] * size, y + step[1] * size);
  }

  set(x, y) {
    this.field.value = `${within(x)} ${within(y)}`;
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  show() {
    const [x, y] = this.point;
    this.mark.style.left = `${x}%`;
    this.mark.style.top = `${y}%`;
    this.mark.ariaLabel = gettext("Focal point: %(x)s percent from the left, %(y)s from the top. The arrow keys move it.", { x, y });
  }
}

for (const field of document.querySelectorAll("[data-focus-of]")) {
  const picture = document.querySelector(`[data-picture-of="${field.dataset.focusOf}"]`);
  if (picture) new FocalPoint(field, picture);
}
