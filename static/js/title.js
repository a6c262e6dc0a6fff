// Enter in the title leads to the text, as in other programs for writing. Without this, it saves the story.

const title = document.getElementById("id_title");
const body = document.getElementById("id_body");

title?.addEventListener("keydown", (event) => {
  if (!body || event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  body.focus();
});
