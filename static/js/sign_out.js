// Ask before signing out while this browser keeps text that was not sent: signing out deletes it.

import { gettext } from "./sentences.js";

const QUESTION = gettext("This browser keeps text that was not sent yet. Sign out and delete it?");

for (const form of document.querySelectorAll("form[action$='/account/logout/']")) {
  form.addEventListener("submit", (event) => {
    const isKept = Object.keys(localStorage).some((key) => key.startsWith("typed:"));
    if (isKept && !confirm(QUESTION)) event.preventDefault();
  });
}
