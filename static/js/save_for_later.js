// Save the story for later, on this device. Without this, there is no button.

import { remove, save, savedStories } from "./saved_stories.js";

const button = document.querySelector("[data-save]");
const path = decodeURI(location.pathname);
const isSaved = () => savedStories().some(([other]) => other === path);

function show() {
  button.setAttribute("aria-pressed", isSaved());
}

if (button) {
  if (isSaved()) save(path, button.dataset.save);
  button.addEventListener("click", () => {
    if (isSaved()) remove(path);
    else if (!save(path, button.dataset.save)) button.hidden = true;
    show();
  });
  button.hidden = false;
  show();
}
