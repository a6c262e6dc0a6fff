// A Markdown text: toolbar, shortcuts, menus at the caret, outline, find and replace; a preview while it is typed;
// pictures that are chosen, pasted or dropped into it. Without this, the text is a plain text area.

import { post } from "./form_data.js";
import { Library } from "./library.js";
import { gettext } from "./sentences.js";
import { Sources } from "./writing/citing.js";
import { Describing } from "./writing/describing.js";
import { Finding } from "./writing/finding.js";
import { Menu } from "./writing/menu.js";
import { Outline } from "./writing/outline.js";
import { Pasting } from "./writing/pasting.js";
import { TextArea } from "./writing/text_area.js";
import { Typing } from "./writing/typing.js";

const PAUSE_MS = 300;

class MarkdownEditor {
  constructor(root) {
    this.root = root;
    this.source = root.querySelector("textarea");
    this.area = new TextArea(this.source);
    this.preview = root.querySelector(".markdown__preview");
    this.status = root.querySelector(".markdown__status");
    if (this.preview) this.preview.hidden = false;
    this.addPictureInput(root.querySelector(".markdown__picture"));
    if (this.preview) this.source.addEventListener("input", () => this.schedule());
    this.source.addEventListener("paste", (event) => this.uploadFrom(event, event.clipboardData));
    this.source.addEventListener("drop", (event) => this.uploadFrom(event, event.dataTransfer));
    if (this.preview) this.render();
    this.addTools();
  }

  addTools() {
    const find = (selector) => this.root.querySelector(selector);
    const { area } = this;
    const menu = find(".caret-menu");
    const blocks = menu.dataset.blocks.split("|").map((block) => {
      const [command, label] = block.split(":");
      return { command, label };
    });
    // The menu comes first: while it is open, Enter and Tab choose.
    const { sources } = this.source.form.elements;
    const choosePicture = (command) => {
      this.wraps = command === "embed";
      find(".markdown__picture input").click();
    };
    new Menu(area, menu, blocks, this.root.dataset.mentions, choosePicture, sources ? new Sources(sources) : null);
    const finding = new Finding(area, find(".finding"));
    new Typing(area, find(".toolbar"), finding, this.root);
    this.describing = new Describing(area, find(".markdown__text"));
    find("[data-does=library]")?.addEventListener("click", () => this.insertFromLibrary());
    new Pasting(area, this.root.dataset.fromHtml, (sentence) => this.showStatus(sentence));
    new Outline(area, find(".outline ol"), find(".markdown__count"), Number(this.root.dataset.wordsAMinute));
  }

  addPictureInput(label) {
    const input = label.querySelector("input");
    label.hidden = false;
    input.addEventListener("change", async () => {
      await this.upload([...input.files]);
      input.value = "";
    });
  }

  schedule() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.render(), PAUSE_MS);
  }

  async render() {
    // Only the response to the newest text counts.
    this.request?.abort();
    this.request = new AbortController();
    const body = new FormData();
    body.append("content", this.source.value);
    try {
      const response = await post(this.root.dataset.preview, body, { signal: this.request.signal });
      const html = await response.text();
      if (!response.ok) throw new Error(`${response.status}`);
      this.preview.innerHTML = html;
      this.showStatus("");
    } catch (error) {
      if (error.name === "AbortError") return;
      this.showStatus(gettext("The server does not answer. The preview is older than your text."));
    }
  }

  // Word processors put a picture of the text on the clipboard together with the text: paste the text then.
  uploadFrom(event, data) {
    const pictures = [...data.files].filter((file) => file.type.startsWith("image/"));
    if (!pictures.length || data.types.includes("text/plain")) return;
    event.preventDefault();
    this.upload(pictures);
  }

  async upload(pictures) {
    for (const picture of pictures) {
      this.showStatus(gettext("Uploading %(name)s…", picture));
      const body = new FormData();
      body.append("image", picture);
      try {
        const response = await post(this.root.dataset.upload, body);
        const answer = await response.json();
        if (!response.ok) throw new Error(answer.error);
        this.insertPicture(answer.image_code);
        this.showStatus(gettext("%(name)s is in the text. Describe it between the brackets.", picture));
        if (await this.describing.ask(answer.image_code, picture.name)) this.showStatus("");
      } catch (error) {
        this.showStatus(`${gettext("%(name)s was not added.", picture)} ${error.message}`);
      }
    }
  }

  // A video or a post of another site is a picture that leads there.
  insertPicture(code) {
    if (!this.wraps) return this.area.insert(`${code}\n`);
    this.wraps = false;
    const from = this.area.start + code.length + 3;
    this.area.replace(this.area.start, this.area.end, `[${code}](https://)\n`, from, from + "https://".length);
  }

  // Insert a picture that is stored already, with the description that the library has.
  async insertFromLibrary() {
    const { start, end } = this.area;
    this.library ??= new Library(this.root.dataset.library);
    const chosen = await this.library.choose();
    if (this.library.hasTyped) this.area.forgetTypingElsewhere();
    this.area.element.focus();
    this.area.element.setSelectionRange(start, end);
    if (!chosen) return;
    const code = `![${chosen.alt.replace(/[[\]]/g, " ") || this.root.dataset.altToWrite}](${chosen.address})`;
    this.area.insert(`${code}\n`);
    if (!chosen.alt) await this.describing.ask(code, gettext("the picture"));
  }

  showStatus(sentence) {
    this.status.textContent = sentence;
  }
}

for (const root of document.querySelectorAll(".markdown")) new MarkdownEditor(root);
