// Choose the cover of a story from the media library, without leaving the form.
// Without this, the link leads to the page of the library, and back to the form with the picture.

import { Library } from "./library.js";
import { showPicture } from "./stored_image.js";

function set(field, value) {
  if (!field || field.value === value) return;
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

for (const link of document.querySelectorAll("[data-library-for]")) {
  const field = link.dataset.libraryFor;
  const root = document.querySelector(`.stored-image[data-field="${field}"]`);
  const { form } = root.querySelector("[type=file]");
  let library;

  // The hidden field with the name of the stored picture is missing while there is none.
  const setName = (name) => {
    let stored = form.elements.namedItem(field);
    if (!stored) {
      stored = document.createElement("input");
      stored.type = "hidden";
      stored.name = field;
      root.append(stored);
    }
    set(stored, name);
  };

  link.addEventListener("click", async (event) => {
    event.preventDefault();
    library ??= new Library(link.href);
    const chosen = await library.choose();
    link.focus();
    if (!chosen) return;
    const hadPicture = Boolean(form.elements.namedItem(field)?.value);
    root.querySelector("[type=file]").value = "";
    const clear = root.querySelector("[type=checkbox]");
    if (clear) clear.checked = false;
    setName(chosen.name);
    set(form.elements.namedItem(`${field}_focus`), chosen.focus);
    // An older description would be of another picture.
    for (const part of ["alt", "credit"]) {
      if (chosen[part] || hadPicture) set(form.elements.namedItem(`${field}_${part}`), chosen[part]);
    }
    root.querySelector(".stored-image__status").textContent = "";
    showPicture(field, chosen.src);
  });
}
