// The toolbar and the keyboard of a text: each command by a button and by a shortcut.

import { COMMANDS, continueLine } from "./formatting.js";

const ALONE = "writing-alone";

export class Typing {
  constructor(area, toolbar, finding, root) {
    Object.assign(this, { area, toolbar, finding, root });
    this.element = area.element;
    this.buttons = [...toolbar.querySelectorAll("button")];
    toolbar.hidden = false;
    toolbar.addEventListener("click", (event) => this.click(event.target.closest("button")));
    toolbar.addEventListener("keydown", (event) => this.move(event));
    this.element.addEventListener("keydown", (event) => this.press(event));
    if (!CSS.supports("field-sizing", "content")) this.growByScript();
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && document.body.classList.contains(ALONE)) this.focusOnText();
    });
  }

  click(button) {
    if (!button) return;
    const { command, does } = button.dataset;
    if (command) COMMANDS[command](this.area);
    else if (does === "find") this.finding.open();
    else if (does === "focus") this.focusOnText();
  }

  // One stop for Tab; the arrows lead from button to button.
  // https://www.w3.org/WAI/ARIA/apg/patterns/toolbar/
  move(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const towards = getComputedStyle(this.toolbar).direction === "rtl" ? -step : step;
    const now = this.buttons.indexOf(document.activeElement);
    const next = this.buttons[(now + towards + this.buttons.length) % this.buttons.length];
    for (const button of this.buttons) button.tabIndex = button === next ? 0 : -1;
    next.focus();
  }

  press(event) {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey && !event.ctrlKey && !event.metaKey) {
      if (continueLine(this.area)) event.preventDefault();
      return;
    }
    if (!event.ctrlKey && !event.metaKey) return;
    if (event.key.toLowerCase() === "s" && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      return this.save();
    }
    const button = this.buttons.find((each) => isPressed(event, each.getAttribute("aria-keyshortcuts") ?? ""));
    if (!button) return;
    event.preventDefault();
    this.click(button);
  }

  // Save, and stay on the form.
  save() {
    const { form } = this.element;
    const button = form.querySelector("[name=_continue]") ?? form.querySelector("[type=submit]");
    if (button) form.requestSubmit(button);
  }

  // Hide everything but the text, and show it again.
  focusOnText() {
    const isAlone = document.body.classList.toggle(ALONE);
    this.root.classList.toggle("markdown--alone", isAlone);
    for (let box = this.root; box !== document.body; box = box.parentElement) box.toggleAttribute("data-kept", isAlone);
    this.toolbar.querySelector("[data-does=focus]").ariaPressed = String(isAlone);
    this.area.goTo(this.area.start, this.area.end);
  }

  growByScript() {
    const grow = () => {
      this.element.style.blockSize = "auto";
      this.element.style.blockSize = `${this.element.scrollHeight + 4}px`;
    };
    this.element.addEventListener("input", grow);
    grow();
  }
}

// Whether a key event is that of "Control+Alt+2"; Command stands for Control on a Mac.
function isPressed(event, shortcut) {
  const keys = shortcut.split("+");
  const last = keys.pop();
  const isKey = event.key.toUpperCase() === last || event.code === `Digit${last}` || event.code === `Key${last}`;
  return isKey && keys.includes("Alt") === event.altKey && keys.includes("Shift") === event.shiftKey;
}
