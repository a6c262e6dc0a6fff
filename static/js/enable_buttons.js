// A button that only a script answers is disabled until the scripts of its page listen: a click that
// comes earlier would do nothing, and say nothing. The page's own scripts wait for this event too,
// and were first to ask for it.

document.addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll('button[type="button"]:disabled')) {
    button.disabled = false;
  }
});
