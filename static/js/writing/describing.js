// Ask for the description of a picture as soon as it stands in the text.
// Escape leaves what stands there, and the checklist then asks for it.

import { gettext } from "../sentences.js";

export class Describing {
  // `before` is the element before which the question is asked.
  constructor(area, before) {
    this.area = area;
    this.panel = document.createElement("div");
    this.panel.className = "describing";
    this.panel.setAttribute("role", "group");
    this.panel.hidden = true;
    this.label = document.createElement("label");
    this.input = document.createElement("input");
    this.input.type = "text";
    this.input.maxLength = 300;
    this.input.id = `${area.element.id}-alt`;
    this.label.htmlFor = this.input.id;
    this.button = this.addButton(gettext("Describe"), () => this.describe());
    const later = this.addButton(gettext("Later"), () => this.close());
    this.panel.append(this.label, this.input, this.button, later);
    this.input.addEventListener("input", () => {
      this.hasTyped = true;
    });
    this.panel.addEventListener("keydown", (event) => this.press(event));
    before.before(this.panel);
  }

  addButton(text, does) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = text;
    button.addEventListener("click", does);
    return button;
  }

  // Ask for the description of the picture whose Markdown has just been inserted. Resolves when it is answered.
  ask(code, name) {
    this.resolve?.("");
    this.code = code;
    this.label.textContent = gettext("Describe %(name)s for readers who cannot see it", { name });
    this.input.value = "";
    this.hasTyped = false;
    this.panel.hidden = false;
    this.input.focus();
    return new Promise((resolve) => {
      this.resolve = resolve;
    });
  }

  press(event) {
    if (event.isComposing || !["Enter", "Escape"].includes(event.key)) return;
    // Enter would save the form.
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Enter" && event.target === this.input) this.describe();
    else if (event.key === "Enter") event.target.click();
    else this.close();
  }

  // Put the description between the brackets: one step for Ctrl+Z, wherever the picture stands by now.
  describe() {
    const alt = this.input.value.replace(/[[\]\n]/g, " ").trim();
    this.forgetTyping();
    const at = this.area.text.lastIndexOf(this.code);
    if (alt && at >= 0) {
      const caret = at + this.code.length;
      const end = this.code.indexOf("](");
      this.area.replace(at + 2, at + end, alt, caret + alt.length - (end - 2) + 1);
    }
    this.close(alt);
  }

  forgetTyping() {
    if (this.hasTyped) this.area.forgetTypingElsewhere();
    this.hasTyped = false;
  }

  close(alt = "") {
    this.forgetTyping();
    this.panel.hidden = true;
    this.area.element.focus();
    this.resolve?.(alt);
  }
}
