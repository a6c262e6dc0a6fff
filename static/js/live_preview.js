// Update the page preview, the checklist and the plan of a story while the editor types.
// Without this, the form shows the plan as it was last saved, and neither the preview nor the checklist.

import { fieldValues, post } from "./form_data.js";
import { gettext } from "./sentences.js";
import { TextArea } from "./writing/text_area.js";

const PAUSE_MS = 400;
const FOLLOW_MS = 120;

class LivePreview {
  constructor(desk) {
    this.form = desk.closest("form");
    this.url = desk.dataset.livePreview;
    this.story = desk.dataset.story;
    this.pane = document.querySelector(".page-preview");
    this.frame = this.pane.querySelector("iframe");
    this.status = this.pane.querySelector(".page-preview__status");
    this.pane.hidden = false;
    this.text = new TextArea(this.form.elements.body);
    this.lines = [];
    this.text.element.addEventListener("selectionchange", () => {
      clearTimeout(this.following);
      this.following = setTimeout(() => this.followCaret(), FOLLOW_MS);
    });
    this.form.addEventListener("input", () => this.schedule());
    document.addEventListener("commented", () => this.schedule());
    // select2 triggers jQuery events only.
    django.jQuery(this.form).on("change", () => this.schedule());
    this.addWidthButtons();
    this.refresh();
  }

  schedule() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refresh(), PAUSE_MS);
  }

  async refresh() {
    // Only the response to the newest text counts.
    this.request?.abort();
    this.request = new AbortController();
    const options = { signal: this.request.signal, redirect: "manual" };
    try {
      const response = await post(this.url, fieldValues(this.form, this.story), options);
      if (!response.ok) throw new Error(`${response.status}`);
      this.show(await response.json());
      this.status.textContent = "";
    } catch (error) {
      if (error.name === "AbortError") return;
      this.status.textContent = gettext("The server does not answer. This page is older than your text.");
    }
  }

  show({ page, checklist, plan, lines }) {
    this.lines = lines;
    replaceContent("checklist", checklist);
    replaceContent("plan", plan);
    const shown = this.frame.contentDocument?.querySelector("main");
    if (!shown) return this.load(page);
    const main = new DOMParser().parseFromString(page, "text/html").querySelector("main");
    if (shown.innerHTML !== main.innerHTML) {
      shown.innerHTML = main.innerHTML;
      this.skipWithTab();
      this.followCaret();
    }
  }

  // The dozens of links on the page would stand between one field of the form and the next.
  skipWithTab() {
    for (const element of this.frame.contentDocument.querySelectorAll("a, button, input, summary, [tabindex]")) {
      element.tabIndex = -1;
    }
  }

  // The first time, load the whole page. Later only <main> is replaced, which keeps the scroll position.
  load(page) {
    this.frame.addEventListener("load", () => {
      this.skipWithTab();
      this.frame.contentDocument.addEventListener("click", (event) => {
        const link = event.target.closest("a");
        if (link && !link.getAttribute("href").startsWith("#")) event.preventDefault();
        if (!link) this.goToTextOf(event.target);
      });
    }, { once: true });
    this.frame.srcdoc = page;
  }

  // The blocks of the text on the page, in the order of `lines`.
  get blocks() {
    return [...(this.frame.contentDocument?.querySelectorAll(".story__body > *") ?? [])];
  }

  // Show the block in which the caret is, unless it can be seen.
  followCaret() {
    const line = this.text.lineNumber;
    const block = this.blocks[this.lines.findLastIndex((begin) => begin <= line)];
    if (!block) return;
    const view = this.frame.contentWindow;
    const { top, bottom } = block.getBoundingClientRect();
    if (top >= 0 && bottom <= view.innerHeight) return;
    view.scrollBy({ top: top - view.innerHeight / 4 });
  }

  goToTextOf(element) {
    const number = this.blocks.indexOf(element.closest(".story__body > *"));
    if (number in this.lines) this.text.goToLine(this.lines[number]);
  }

  addWidthButtons() {
    const buttons = [...this.pane.querySelectorAll("[data-width]")];
    const fit = () => {
      const width = Number(buttons.find((button) => button.ariaPressed === "true").dataset.width);
      const scale = Math.min(1, this.frame.parentElement.clientWidth / width);
      this.frame.style.inlineSize = `${width}px`;
      this.frame.style.blockSize = `${100 / scale}%`;
      this.frame.style.transform = `scale(${scale})`;
    };
    for (const button of buttons) {
      button.addEventListener("click", () => {
        for (const other of buttons) other.ariaPressed = String(other === button);
        fit();
      });
    }
    new ResizeObserver(fit).observe(this.frame.parentElement);
  }
}

function replaceContent(id, html) {
  const element = document.getElementById(id);
  if (element.innerHTML !== html) element.innerHTML = html;
}

const desk = document.getElementById("desk");
if (desk) new LivePreview(desk);
