// Show beside the text what it becomes: the real page, the checklist, and what will happen when.

import { csrfToken, typed } from "./form_data.js";

const PAUSE_MS = 400;

class Beside {
  constructor(desk) {
    this.form = desk.closest("form");
    this.address = desk.dataset.beside;
    this.story = desk.dataset.story;
    this.pane = document.querySelector(".page-preview");
    this.frame = this.pane.querySelector("iframe");
    this.status = this.pane.querySelector(".page-preview__status");
    this.pane.hidden = false;
    this.form.addEventListener("input", () => this.schedule());
    // select2 speaks to jQuery only.
    django.jQuery(this.form).on("change", () => this.schedule());
    this.offerWidths();
    this.refresh();
  }

  schedule() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refresh(), PAUSE_MS);
  }

  // A later text overtakes an earlier one: the request under way is given up.
  async refresh() {
    this.request?.abort();
    this.request = new AbortController();
    try {
      const response = await fetch(this.address, {
        method: "POST", body: typed(this.form, this.story), signal: this.request.signal,
        redirect: "manual", headers: { "X-CSRFToken": csrfToken() },
      });
      if (!response.ok) throw new Error(`${response.status}`);
      this.show(await response.json());
      this.status.textContent = "";
    } catch (error) {
      if (error.name !== "AbortError") this.status.textContent = "The page is older than the text: no answer.";
    }
  }

  show({ page, checklist, plan }) {
    put("checklist", checklist);
    put("plan", plan);
    const shown = this.frame.contentDocument?.querySelector("main");
    if (!shown) return this.open(page);
    const main = new DOMParser().parseFromString(page, "text/html").querySelector("main");
    if (shown.innerHTML !== main.innerHTML) shown.innerHTML = main.innerHTML;
  }

  // Only the first time: afterwards the main part is exchanged, so that nothing jumps.
  open(page) {
    this.frame.addEventListener("load", () => {
      this.frame.contentDocument.addEventListener("click", (event) => {
        const link = event.target.closest("a");
        if (link && !link.getAttribute("href").startsWith("#")) event.preventDefault();
      });
    }, { once: true });
    this.frame.srcdoc = page;
  }

  offerWidths() {
    const buttons = [...this.pane.querySelectorAll("[data-width]")];
    const fit = () => {
      const width = Number(buttons.find((b) => b.ariaPressed === "true").dataset.width);
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

function put(id, html) {
  const place = document.getElementById(id);
  if (place.innerHTML !== html) place.innerHTML = html;
}

const desk = document.getElementById("desk");
if (desk) new Beside(desk);
