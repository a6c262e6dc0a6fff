// Name what the admin leaves without a name: its search box, and the boxes that select2 draws.

function label(select) {
  const name = select.labels[0]?.textContent.replace(/:\s*$/, "") ?? select.ariaLabel;
  const drawn = select.nextElementSibling;
  for (const part of drawn.querySelectorAll("[role=combobox], [role=searchbox], [role=textbox]")) {
    part.setAttribute("aria-label", name);
  }
}

document.getElementById("searchbar")?.setAttribute("aria-label", "Search");

// The admin draws them when jQuery says it is ready; this was asked for later and so comes after.
window.django?.jQuery?.(() => {
  document.querySelectorAll("select.select2-hidden-accessible").forEach(label);
});
