// Give the boxes that select2 draws, once it has drawn them, the name of the field they stand for.

window.addEventListener("load", () => {
  for (const select of document.querySelectorAll("select.select2-hidden-accessible")) {
    const name = select.labels[0]?.textContent.replace(/:\s*$/, "") ?? select.ariaLabel;
    const drawn = select.nextElementSibling;
    for (const part of drawn.querySelectorAll("[role=combobox], [role=searchbox], [role=textbox]")) {
      part.setAttribute("aria-label", name);
    }
  }
});
