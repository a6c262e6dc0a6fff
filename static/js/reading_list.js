// List the stories that were saved on this device. Without this, the page says what it needs.

import { remove, savedStories } from "./saved_stories.js";

const list = document.querySelector(".reading-list");
const [withoutScript, empty] = document.querySelectorAll(".empty");

function row([path, title]) {
  const item = document.createElement("li");
  const link = Object.assign(document.createElement("a"), { href: path, textContent: title });
  const button = Object.assign(document.createElement("button"), { type: "button" });
  button.textContent = list.dataset.remove;
  button.ariaLabel = `${list.dataset.remove}: ${title}`;
  button.addEventListener("click", () => {
    const next = (item.nextElementSibling ?? item.previousElementSibling)?.querySelector("a");
    remove(path);
    show();
    const place = [...list.querySelectorAll("a")].find((each) => each.pathname === next?.pathname);
    (place ?? empty).focus();
  });
  item.append(link, button);
  return item;
}

function show() {
  const stories = savedStories();
  list.replaceChildren(...stories.map(row));
  list.hidden = !stories.length;
  empty.hidden = stories.length > 0;
}

withoutScript.hidden = true;
show();
// Another tab has saved or removed a story.
addEventListener("storage", show);
