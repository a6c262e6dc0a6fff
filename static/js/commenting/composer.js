// The form of a new comment or a reply, beside the text of a story.

import { post } from "../form_data.js";
import { gettext } from "../sentences.js";
import { TextArea } from "../writing/text_area.js";
import { PeopleMenu } from "./people.js";

export class Composer {
  // `box` holds the fields. `area` is the text of the story; `sent` is called with the key of the thread.
  constructor(box, area, addressOfPeople, sent) {
    Object.assign(this, { box, area, sent });
    this.form = document.getElementById("comment-form");
    this.errors = box.querySelector(".compose__errors");
    this.title = box.querySelector(".compose__title");
    const { text, passage } = this.form.elements;
    passage.readOnly = true;
    const list = box.querySelector(".caret-menu");
    text.after(list);
    new PeopleMenu(new TextArea(text), list, addressOfPeople);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    box.querySelector("[data-cancels]").addEventListener("click", () => this.close());
    box.addEventListener("keydown", (event) => this.press(event));
    this.form.elements.kind?.addEventListener("change", () => this.showSource());
  }

  press(event) {
    const { text } = this.form.elements;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.form.requestSubmit();
    } else if (event.key === "Enter" && event.target.tagName === "INPUT") {
      event.preventDefault(); // It would save the story.
      this.form.requestSubmit();
    } else if (event.key === "Escape" && !event.defaultPrevented && !text.value) this.close();
  }

  // A new comment on the selected words. Return whether there are any.
  openForSelection() {
    const { text, start, selected } = this.area;
    if (!selected.trim()) return false;
    const from = start + selected.length - selected.trimStart().length;
    this.fill(selected.trim(), [...text.slice(0, from)].length, "");
    this.open(this.title.dataset.new, ["passage", "kind", "text"]);
    this.showSource();
    return true;
  }

  // A reply in the thread with a key; `quote` is its passage.
  openForReply(key, quote, isOfGuest) {
    this.fill(quote, "", key);
    this.open(this.title.dataset.reply, isOfGuest ? ["passage", "text", "is_for_guest"] : ["passage", "text"]);
  }

  fill(passage, near, parent) {
    const { elements } = this.form;
    Object.assign(elements.passage, { value: passage });
    Object.assign(elements.near, { value: near });
    Object.assign(elements.parent, { value: parent });
    if (elements.is_for_guest) elements.is_for_guest.checked = false;
  }

  open(title, fields) {
    this.title.textContent = title;
    this.errors.replaceChildren();
    for (const field of this.box.querySelectorAll("[data-field]")) field.hidden = !fields.includes(field.dataset.field);
    this.box.hidden = false;
    this.form.elements.text.focus();
    this.box.scrollIntoView({ block: "nearest" });
  }

  showSource() {
    const field = this.box.querySelector("[data-field=source]");
    if (field) field.hidden = this.form.elements.kind.value !== "confirmed";
  }

  close() {
    this.box.hidden = true;
    this.form.reset();
    this.area.element.focus({ preventScroll: true });
  }

  async send() {
    const body = new FormData(this.form);
    body.set("body", this.area.text);
    try {
      const response = await post(this.form.action, body, { headers: { Accept: "application/json" }, redirect: "manual" });
      const answer = await response.json();
      if (answer.errors) return this.say(answer.errors);
      this.box.hidden = true;
      this.form.reset();
      this.sent(answer.comment);
    } catch {
      this.say([gettext("The server does not answer. Your comment is not saved yet: send it again.")]);
    }
  }

  say(sentences) {
    this.errors.replaceChildren(...sentences.map((sentence) => {
      const line = document.createElement("p");
      line.textContent = sentence;
      return line;
    }));
  }
}
