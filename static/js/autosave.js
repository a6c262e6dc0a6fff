// Save the text while it is typed: in this browser within a quarter of a second, on the server every few seconds.
// A text is removed from the browser only after the server has confirmed it. So it survives a closed tab,
// a lost connection, an expired session and a server that is down; the form offers to restore it.
// Without this, the text is saved only when the editor presses a button.

import { csrfToken, fieldValues, post } from "./form_data.js";
import { dateTime, gettext } from "./sentences.js";

// To read the form and to store it takes some milliseconds: not at each key.
const LOCAL_MS = 250;
const PAUSE_MS = 1500;
const LONGEST_WAIT_MS = 8000;
const RETRY_MS = 5000;
const NOT_RESTORED = ["csrfmiddlewaretoken", "writing"];

class Autosave {
  constructor(desk) {
    this.desk = desk;
    this.form = desk.closest("form");
    this.status = document.getElementById("autosave-status");
    this.storagePrefix = `typed:${desk.dataset.author}:${desk.dataset.story || "new"}:`;
    this.storageKey = this.storagePrefix + this.form.elements.writing.value;
    this.removeConfirmed();
    this.offerLocalTexts();
    this.form.addEventListener("input", () => this.changed());
    // select2 triggers jQuery events only.
    django.jQuery(this.form).on("change", () => this.changed());
    this.form.addEventListener("submit", () => this.prepareSubmit());
    document.addEventListener("visibilitychange", () => document.hidden && this.send());
    addEventListener("pagehide", () => this.saveTyped());
    addEventListener("online", () => this.send());
  }

  changed() {
    this.localTimer ??= setTimeout(() => this.saveLocally(), LOCAL_MS);
    clearTimeout(this.timer);
    this.waitingSince ??= Date.now();
    const left = LONGEST_WAIT_MS - (Date.now() - this.waitingSince);
    this.timer = setTimeout(() => this.send(), Math.max(0, Math.min(PAUSE_MS, left)));
  }

  // Save in this browser what it does not have yet.
  saveTyped() {
    if (this.localTimer) this.saveLocally();
  }

  saveLocally() {
    clearTimeout(this.localTimer);
    this.localTimer = undefined;
    const fields = [...fieldValues(this.form, "")].filter(([name]) => name !== "csrfmiddlewaretoken");
    this.unconfirmed = JSON.stringify({ at: new Date().toISOString(), fields });
    try {
      localStorage.setItem(this.storageKey, this.unconfirmed);
    } catch {
      this.showStatus(gettext("This browser cannot keep a copy: its storage is full or switched off."));
    }
  }

  async send() {
    clearTimeout(this.timer);
    this.saveTyped();
    if (!this.unconfirmed || this.isSubmitting) return;
    this.waitingSince = undefined;
    const sent = this.unconfirmed;
    const body = fieldValues(this.form, this.desk.dataset.story);
    body.set("author", this.desk.dataset.author);
    try {
      const response = await post(this.desk.dataset.autosave, body, { redirect: "manual" });
      if (response.type === "opaqueredirect" || response.status === 403) return this.signedOut();
      const answer = await response.json();
      if (!response.ok) throw new Error(answer.error);
      this.confirm(sent, answer.kept);
    } catch {
      this.showStatus(gettext("The server does not answer. Your text is kept in this browser."));
      this.timer = setTimeout(() => this.send(), RETRY_MS);
    }
  }

  confirm(sent, time) {
    if (this.unconfirmed === sent) {
      this.unconfirmed = undefined;
      localStorage.removeItem(this.storageKey);
    }
    this.showStatus(gettext("Not saved yet, but kept at %(time)s.", { time }));
  }

  signedOut() {
    this.showStatus(`${gettext("You are signed out. Your text is kept in this browser.")} `);
    const link = document.createElement("a");
    link.href = this.desk.dataset.signIn;
    link.textContent = gettext("Sign in again");
    this.status.append(link);
    this.timer = setTimeout(() => this.send(), RETRY_MS);
  }

  // Keep the newest text in the browser until the next page confirms that the server has it.
  prepareSubmit() {
    this.saveLocally();
    this.form.elements.csrfmiddlewaretoken.value = csrfToken();
    this.isSubmitting = true;
    clearTimeout(this.timer);
  }

  // The response to a submitted form sets a cookie that says which form the server has received.
  removeConfirmed() {
    const received = document.cookie.match(/(?:^|; )kept_writing=([^;]*)/)?.[1];
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith("typed:") && received && key.endsWith(`:${received}`)) localStorage.removeItem(key);
    }
  }

  offerLocalTexts() {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(this.storagePrefix));
    for (const key of keys) this.offer(key, JSON.parse(localStorage.getItem(key)));
  }

  offer(key, { at, fields }) {
    const list = document.getElementById("local-texts");
    const title = document.createElement("strong");
    title.textContent = fields.find(([name]) => name === "title")?.[1] || gettext("A story without a title");
    const time = dateTime(new Date(at));
    const sentence = document.createElement("p");
    sentence.append(title, gettext(": you typed this until %(time)s. It is kept in this browser only.", { time }));
    const actions = document.createElement("p");
    actions.className = "unsaved__actions";
    const close = () => {
      sentence.remove();
      actions.remove();
      list.hidden = !list.children.length;
    };
    actions.append(
      createButton(gettext("Restore this text"), () => { this.restore(fields, key); close(); }),
      createButton(gettext("Discard it"), () => { localStorage.removeItem(key); close(); }),
    );
    list.append(sentence, actions);
    list.hidden = false;
  }

  restore(fields, key) {
    for (const name of new Set([...this.form.elements].map((element) => element.name))) {
      if (!name || NOT_RESTORED.includes(name)) continue;
      const values = fields.filter(([field]) => field === name).map(([, value]) => value);
      const elements = this.form.querySelectorAll(`[name="${CSS.escape(name)}"]`);
      for (const element of elements) setValue(element, values);
    }
    if (key !== this.storageKey) localStorage.removeItem(key);
    this.form.elements.title.dispatchEvent(new Event("input", { bubbles: true }));
    this.form.elements.title.focus();
  }

  showStatus(sentence) {
    this.status.textContent = sentence;
  }
}

function setValue(element, values) {
  if (element.type === "file" || element.type === "submit") return;
  if (element.type === "checkbox") element.checked = values.includes(element.value);
  else if (element.multiple) setOptions(element, values);
  else if (values.length) element.value = values[0];
}

function setOptions(select, values) {
  const labels = new Map([...select.options].map((option) => [option.value, option.text]));
  select.replaceChildren(...values.map((value) => new Option(labels.get(value) ?? value, value, true, true)));
  django.jQuery(select).trigger("change");
}

function createButton(label, onClick) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = label;
  button.addEventListener("click", onClick);
  return button;
}

const desk = document.getElementById("desk");
if (desk) new Autosave(desk);
