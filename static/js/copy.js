// Add a button that copies to each address that is to be given to somebody.
// Without this, the address is selected and copied by hand.

import { gettext } from "./sentences.js";

for (const field of document.querySelectorAll("input[data-copied]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = gettext("Copy");
  button.ariaLabel = `${gettext("Copy")}: ${field.ariaLabel ?? field.labels[0].textContent}`;
  const said = document.createElement("span");
  said.role = "status";
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand("copy"); // without TLS, browsers refuse the other one
    }
    said.textContent = ` ${gettext("Copied.")}`;
  });
  field.after(" ", button, said);
}
