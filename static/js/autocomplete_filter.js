// Submit a filter of the story list as soon as an option is chosen.
// Without this, the filter has a button.

const $ = window.django.jQuery;

for (const select of document.querySelectorAll(".filter-by select")) {
  $(select).on("select2:select select2:clear", () => select.form.submit());
}
