// The media library over the page: search, pages and filters, and then one picture. Imported by other modules.
// It shows the page of the library, which also works alone.

import { gettext } from "./sentences.js";

export class Library {
  // `address` is the page of the library that chooses.
  constructor(address) {
    this.address = address;
    this.dialog = document.createElement("dialog");
    this.dialog.className = "library-dialog";
    this.title = document.createElement("h2");
    this.title.textContent = gettext("Choose a picture");
    this.title.id = "library-dialog-title";
    this.dialog.setAttribute("aria-labelledby", this.title.id);
    this.closing = document.createElement("button");
    this.closing.type = "button";
    this.closing.className = "button";
    this.closing.textContent = gettext("Close");
    this.closing.addEventListener("click", () => this.dialog.close());
    this.content = document.createElement("div");
    this.status = document.createElement("p");
    this.status.setAttribute("role", "status");
    this.dialog.append(this.title, this.closing, this.status, this.content);
    this.dialog.addEventListener("click", (event) => this.click(event));
    this.dialog.addEventListener("submit", (event) => this.search(event));
    // The page below must not take the keys for its own.
    this.dialog.addEventListener("keydown", (event) => event.stopPropagation());
    this.dialog.addEventListener("input", () => {
      this.hasTyped = true;
    });
    document.body.append(this.dialog);
  }

  // Open the library; return what is chosen, as the data of its tile, or null.
  choose() {
    this.chosen = null;
    this.hasTyped = false;
    this.dialog.showModal();
    this.load(this.address);
    return new Promise((resolve) => {
      this.dialog.addEventListener("close", () => resolve(this.chosen), { once: true });
    });
  }

  async load(address) {
    this.status.textContent = gettext("Loading…");
    try {
      const response = await fetch(address);
      if (!response.ok) throw new Error(`${response.status}`);
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const library = page.getElementById("library");
      if (!library) throw new Error("signed out");
      this.shown = response.url;
      this.content.replaceChildren(document.adoptNode(library));
      this.status.textContent = "";
      (this.content.querySelector("[type=search]") ?? this.closing).focus();
    } catch {
      this.status.textContent = gettext("The library does not answer. Close this, and try again.");
    }
  }

  click(event) {
    const link = event.target.closest("a");
    if (!link || !this.content.contains(link)) return;
    event.preventDefault();
    if (link.matches(".tile")) {
      this.chosen = { ...link.dataset };
      this.dialog.close();
    } else {
      this.load(new URL(link.getAttribute("href"), this.shown));
    }
  }

  search(event) {
    event.preventDefault();
    const address = new URL(this.shown);
    address.search = new URLSearchParams(new FormData(event.target));
    this.load(address);
  }
}
