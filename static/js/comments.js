// Comments beside the text of a story: on selected words, with their places in the text as it is typed.
// Without this, the form lists the comments, and each is answered on a page of their own.

import { Composer } from "./commenting/composer.js";
import { Margin } from "./commenting/margin.js";
import { post } from "./form_data.js";
import { gettext } from "./sentences.js";
import { TextArea } from "./writing/text_area.js";

const PAUSE_MS = 700;
const FOLLOW_MS = 120;

class Comments {
  constructor(section, element) {
    this.section = section;
    this.area = new TextArea(element);
    this.list = section.querySelector(".comments__list");
    this.status = section.querySelector(".comments__status");
    this.page = document.querySelector(".page-preview");
    this.switch = document.querySelector(".comments__switch");
    this.places = {};
    this.composer = new Composer(section.querySelector(".compose"), this.area, section.dataset.people, (key) => this.hasSent(key));
    this.margin = new Margin(this.area, (key) => this.goToThread(key));
    // What is typed here is no change of the story.
    for (const type of ["input", "change"]) section.addEventListener(type, (event) => event.stopPropagation());
    section.addEventListener("click", (event) => this.click(event));
    document.getElementById("comment-action").addEventListener("submit", (event) => this.act(event));
    element.addEventListener("input", () => this.schedule());
    element.addEventListener("keydown", (event) => this.press(event));
    element.addEventListener("selectionchange", () => {
      clearTimeout(this.following);
      this.following = setTimeout(() => this.followCaret(), FOLLOW_MS);
    });
    this.addButtons();
    this.show(Number(section.dataset.waiting) > 0 || location.hash.startsWith("#comment"));
    this.refresh();
  }

  addButtons() {
    const compose = this.section.querySelector("[data-composes]");
    compose.hidden = false;
    // A press must not take the selection away.
    compose.addEventListener("mousedown", (event) => event.preventDefault());
    const tool = document.createElement("button");
    Object.assign(tool, { type: "button", textContent: gettext("Comment"), className: "toolbar__comment", title: "Control+Alt+M" });
    tool.addEventListener("mousedown", (event) => event.preventDefault());
    tool.addEventListener("click", (event) => {
      event.stopPropagation(); // The toolbar has commands of its own.
      this.compose();
    });
    this.area.element.closest(".markdown").querySelector(".toolbar").append(tool);
    const close = this.section.querySelector("[data-closes]");
    close.hidden = this.switch.hidden = false;
    close.addEventListener("click", () => {
      this.show(false);
      this.switch.focus();
    });
    this.switch.addEventListener("click", () => {
      this.show(true);
      close.focus();
    });
  }

  // Show the comments in place of the page, or the page again.
  show(isShown) {
    this.section.hidden = !isShown;
    this.page.classList.toggle("page-preview--covered", isShown);
    if (isShown) this.margin.draw();
  }

  press(event) {
    if (event.code !== "KeyM" || !event.altKey || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    this.compose();
  }

  compose() {
    this.show(true);
    if (!this.composer.openForSelection()) this.say(gettext("Select the words first."));
    else this.say("");
  }

  click(event) {
    const thread = event.target.closest("[data-comment]");
    if (event.target.closest("[data-composes]")) this.compose();
    else if (!thread) return;
    else if (event.target.closest("[data-replies]")) {
      event.preventDefault();
      const { replies } = event.target.closest("[data-replies]").dataset;
      this.composer.openForReply(thread.dataset.comment, thread.querySelector(".thread__quote").textContent, replies === "guest");
    } else if (event.target.closest("[data-shows], .thread__quote")) this.goToText(thread.dataset.comment);
  }

  // Resolve, reopen, take back or delete, as the pressed button says.
  async act(event) {
    const button = event.submitter;
    event.preventDefault();
    if ("asks" in button.dataset && !confirm(gettext("Delete this comment?"))) return;
    try {
      const response = await post(button.formAction, new FormData());
      if (!response.ok) throw new Error(`${response.status}`);
    } catch {
      return this.say(gettext("The server does not answer. Nothing was changed."));
    }
    await this.refreshAll();
    this.say(gettext("Done."));
    this.section.querySelector("[data-composes]").focus();
  }

  async hasSent(key) {
    await this.refreshAll();
    this.say(gettext("The comment is saved."));
    this.goToThread(key);
  }

  schedule() {
    clearTimeout(this.timer);
    if (!this.list.querySelector("[data-comment]")) return;
    this.timer = setTimeout(() => this.refresh(), PAUSE_MS);
  }

  async refresh() {
    // Only the response to the newest text counts.
    this.request?.abort();
    this.request = new AbortController();
    const body = new FormData();
    body.set("body", this.area.text);
    try {
      const response = await post(this.section.dataset.beside, body, { signal: this.request.signal, redirect: "manual" });
      if (!response.ok) throw new Error(`${response.status}`);
      this.receive(await response.json());
    } catch (error) {
      if (error.name !== "AbortError") this.say(gettext("The server does not answer. These comments are older than your text."));
    }
  }

  receive({ threads, places, waiting }) {
    const focused = this.list.contains(document.activeElement) && document.activeElement.closest("[data-comment]")?.id;
    const isUnfolded = this.list.querySelector("details")?.open;
    if (this.list.innerHTML !== threads) this.list.innerHTML = threads;
    const folded = this.list.querySelector("details");
    if (folded && isUnfolded) folded.open = true;
    this.switch.querySelector("span").textContent = waiting || "";
    this.places = inUnits(this.area.text, places);
    for (const button of this.list.querySelectorAll("[data-shows]")) button.hidden = false;
    this.margin.show(Object.entries(this.places).filter(([, place]) => place.state !== "resolved").map(([key, { start, state }]) => {
      const thread = document.getElementById(`comment-${key}`);
      return { key, start, state, word: thread.querySelector(".thread__state").textContent, quote: thread.querySelector(".thread__quote").textContent };
    }));
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  }

  // Let the checklist know of what has changed.
  async refreshAll() {
    await this.refresh();
    document.dispatchEvent(new Event("commented"));
  }

  goToText(key) {
    const place = this.places[key];
    if (place) this.area.goTo(place.start, place.end);
  }

  goToThread(key) {
    this.show(true);
    const thread = document.getElementById(`comment-${key}`);
    const folded = thread?.closest("details");
    if (folded) folded.open = true;
    thread?.focus({ preventScroll: true });
    thread?.scrollIntoView({ block: "nearest" });
  }

  // Point to the comments on the words at the caret.
  followCaret() {
    const { start } = this.area;
    for (const thread of this.list.querySelectorAll("[data-comment]")) {
      const place = this.places[thread.dataset.comment];
      thread.classList.toggle("thread--here", Boolean(place) && place.start <= start && start <= place.end);
    }
  }

  say(sentence) {
    this.status.textContent = sentence;
  }
}

// The server counts characters, and text areas UTF-16 units.
function inUnits(text, places) {
  const entries = Object.entries(places);
  if (!/[\ud800-\udbff]/.test(text)) return Object.fromEntries(entries.map(([key, [start, end, state]]) => [key, { start, end, state }]));
  const units = [0];
  for (const character of text) units.push(units.at(-1) + character.length);
  return Object.fromEntries(entries.map(([key, [start, end, state]]) => [key, { start: units[start], end: units[end], state }]));
}

const section = document.getElementById("comments");
const body = document.getElementById("id_body");
if (section && body) new Comments(section, body);
