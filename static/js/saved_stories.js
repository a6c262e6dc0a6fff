// The stories that a reader has saved for later, on this device only. Nothing is sent.
// Shows the link to their list on each page as soon as there is one.

const KEY = "saved-stories";
const MOST = 100;
// What stands in the storage may be from an older release, or from somebody else.
const isEntry = ([path, title]) => /^\/stories\/[^/?#\\]+\/$/.test(path) && typeof title === "string";

// Return the stories as [path, title], the last saved first. A browser may forbid to keep them.
export function savedStories() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY));
    return Array.isArray(kept) ? kept.filter((entry) => Array.isArray(entry) && isEntry(entry)) : [];
  } catch {
    return [];
  }
}

// Save a story, or update its title. Return whether the browser keeps it.
export function save(path, title) {
  return keep([[path, title], ...savedStories().filter(([other]) => other !== path)]);
}

// Take a story off the list.
export function remove(path) {
  return keep(savedStories().filter(([other]) => other !== path));
}

function keep(stories) {
  try {
    if (stories.length) localStorage.setItem(KEY, JSON.stringify(stories.slice(0, MOST)));
    else localStorage.removeItem(KEY);
    showLink();
    return true;
  } catch {
    return false;
  }
}

function showLink() {
  const link = document.querySelector(".reading-list-link");
  if (link) link.hidden = !savedStories().length;
}

showLink();
