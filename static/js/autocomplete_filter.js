// Narrow a list as soon as a filter is chosen, instead of at the press of its button.

const $ = window.django.jQuery;

for (const select of document.querySelectorAll(".filter-by select")) {
  $(select).on("select2:select select2:clear", () => select.form.submit());
}
