// Carries an import on without clicks: posts the next part, or looks how far the worker is.

const PAUSE = 1500;
const form = document.querySelector("[data-import-progress]");

if (form) {
  setTimeout(() => {
    if (form.dataset.importProgress === "drive") form.requestSubmit();
    else location.reload();
  }, PAUSE);
}
