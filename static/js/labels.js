// Give an accessible name to the admin's search box, to the fields that select2 draws, and to the filters of Django's
// two boxes to choose from many.
// Without this, screen readers announce them without a name.

import { gettext } from "./sentences.js";

function label(select) {
  const name = select.labels[0]?.textContent.replace(/:\s*$/, "") ?? select.ariaLabel;
  const container = select.nextElementSibling;
  for (const part of container.querySelectorAll("[role=combobox], [role=searchbox], [role=textbox]")) {
    part.setAttribute("aria-label", name);
  }
}

document.getElementById("searchbar")?.setAttribute("aria-label", gettext("Search"));

// The admin draws its select2 fields in a jQuery ready handler. This one is added later, so it runs later.
window.django?.jQuery?.(() => {
  document.querySelectorAll("select.select2-hidden-accessible").forEach(label);
});

// Django draws the two boxes when the page has loaded, with the name of the filter at a span, where it counts for nothing.
window.addEventListener("load", () => {
  for (const icon of document.querySelectorAll(".selector .search-label-icon")) icon.setAttribute("role", "img");
});
