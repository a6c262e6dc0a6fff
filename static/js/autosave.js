// Keep what is typed: in this browser at once, on the server every few seconds; offer it back.
//
// A text leaves the browser only when the server says that it has it. So it survives a closed tab, a
// lost connection, a lost session and a server that is down.

import { csrfToken, typed } from "./form_data.js";

const PAUSE_MS = 1500;
const LONGEST_MS = 8000;
const RETRY_MS = 5000;

class Autosave {
  constructor(desk) {
    this.desk = desk;
    this.form = desk.closest("form");
    this.status = document.getElementById("kept");
    this.writing = this.form.elements.writing.value;
    this.drawer = `typed:${desk.dataset.author}:${desk.dataset.story || "new"}:`;
    this.forgetWhatArrived();
    this.offer();
    this.form.addEventListener("input", () => this.changed());
    // select2 speaks to jQuery only.
    django.jQuery(this.form).on("change", () => this.changed());
    this.form.addEventListener("submit", () => this.leave());
    document.addEventListener("visibilitychange", () => document.hidden && this.send());
    addEventListener("online", () => this.send());
  }

  changed() {
    this.keepHere();
    clearTimeout(this.timer);
    this.waitingSince ??= Date.now();
    const left = LONGEST_MS - (Date.now() - this.waitingSince);
    this.timer = setTimeout(() => this.send(), Math.max(0, Math.min(PAUSE_MS, left)));
  }

  keepHere() {
    const fields = [...typed(this.form, "")].filter(([name]) => name !== "csrfmiddlewaretoken");
    this.kept = JSON.stringify({ at: new Date().toISOString(), fields });
    try {
      localStorage.setItem(this.drawer + this.writing, this.kept);
    } catch {
      this.say("This browser keeps no copy: its store is full or closed.");
    }
  }

  async send() {
    clearTimeout(this.timer);
    if (!this.kept || this.isLeaving) return;
    this.waitingSince = undefined;
    const sent = this.kept;
    const body = typed(this.form, this.desk.dataset.story);
    body.set("author", this.desk.dataset.author);
    try {
      const response = await fetch(this.desk.dataset.autosave, {
        method: "POST", body, redirect: "manual", headers: { "X-CSRFToken": csrfToken() },
      });
      if (response.type === "opaqueredirect" || response.status === 403) return this.signedOut();
      const answer = await response.json();
      if (!response.ok) throw new Error(answer.error);
      this.arrived(sent, answer.kept);
    } catch {
      this.say("The server does not answer. Your text is kept in this browser.");
      this.timer = setTimeout(() => this.send(), RETRY_MS);
    }
  }

  arrived(sent, time) {
    if (this.kept === sent) {
      this.kept = undefined;
      localStorage.removeItem(this.drawer + this.writing);
    }
    this.say(`Not saved yet, but kept at ${time}.`);
  }

  signedOut() {
    this.say("You are signed out. Your text is kept in this browser. ");
    const link = document.createElement("a");
    link.href = this.desk.dataset.signIn;
    link.textContent = "Sign in again";
    this.status.append(link);
    this.timer = setTimeout(() => this.send(), RETRY_MS);
  }

  // The page goes: the newest text stays here until the server is known to have it.
  leave() {
    this.keepHere();
    this.form.elements.csrfmiddlewaretoken.value = csrfToken();
    this.isLeaving = true;
    clearTimeout(this.timer);
  }

  // Every answer to this form says which opened form it was an answer to.
  forgetWhatArrived() {
    const arrived = document.cookie.match(/(?:^|; )kept_writing=([^;]*)/)?.[1];
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith("typed:") && arrived && key.endsWith(`:${arrived}`)) localStorage.removeItem(key);
    }
  }

  offer() {
    const place = document.getElementById("kept-here");
    for (const key of Object.keys(localStorage).filter((k) => k.startsWith(this.drawer))) {
      const { at, fields } = JSON.parse(localStorage.getItem(key));
      const title = fields.find(([name]) => name === "title")?.[1] || "A story without a title";
      const sentence = document.createElement("p");
      const strong = document.createElement("strong");
      strong.textContent = title;
      sentence.append(strong, `: this browser has what you typed until ${new Date(at).toLocaleString("en")}; it did not reach the server.`);
      const ways = document.createElement("p");
      ways.className = "lost__ways";
      ways.append(
        button("Put it back into the form", () => { this.putBack(fields, key); sentence.remove(); ways.remove(); this.tidy(place); }),
        button("Forget it", () => { localStorage.removeItem(key); sentence.remove(); ways.remove(); this.tidy(place); }),
      );
      place.append(sentence, ways);
      place.hidden = false;
    }
  }

  tidy(place) {
    place.hidden = !place.children.length;
  }

  putBack(fields, key) {
    for (const name of new Set([...this.form.elements].map((element) => element.name))) {
      if (!name || ["csrfmiddlewaretoken", "writing"].includes(name)) continue;
      const values = fields.filter(([field]) => field === name).map(([, value]) => value);
      for (const element of this.form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) fill(element, values);
    }
    if (key !== this.drawer + this.writing) localStorage.removeItem(key);
    this.form.elements.title.dispatchEvent(new Event("input", { bubbles: true }));
    this.form.elements.title.focus();
  }

  say(sentence) {
    this.status.textContent = sentence;
  }
}

function fill(element, values) {
  if (element.type === "file" || element.type === "submit") return;
  if (element.type === "checkbox") element.checked = values.includes(element.value);
  else if (element.multiple) choose(element, values);
  else if (values.length) element.value = values[0];
}

function choose(select, values) {
  const known = new Map([...select.options].map((option) => [option.value, option.text]));
  select.replaceChildren(...values.map((value) => new Option(known.get(value) ?? value, value, true, true)));
  django.jQuery(select).trigger("change");
}

function button(words, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button";
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}

const desk = document.getElementById("desk");
if (desk) new Autosave(desk);
