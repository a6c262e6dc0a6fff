// Remember on this device which sections of the story form are open.
// Without this, they are as the page opens them, each time.

const PREFIX = "section:";

for (const section of document.querySelectorAll("details[data-section]")) {
  const key = PREFIX + section.dataset.section.trim();
  const kept = localStorage.getItem(key);
  // What is wrong must be seen.
  if (kept !== null && !section.querySelector(".errorlist")) section.open = kept === "open";
  section.addEventListener("toggle", () => {
    try {
      localStorage.setItem(key, section.open ? "open" : "closed");
    } catch {
      // A browser without storage opens them all again.
    }
  });
}
