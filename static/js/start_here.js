// Find stories while the title is typed, as the button “Find” does.

import { gettext } from "./sentences.js";

const PAUSE_MS = 200;

for (const form of document.querySelectorAll("form[data-live]")) {
  const input = form.querySelector("input[type=search]");
  const found = document.getElementById(form.dataset.live);
  let timer, request;

  const ask = async () => {
    // Only the answer to the newest text counts.
    request?.abort();
    request = new AbortController();
    const query = new URLSearchParams({ q: input.value });
    try {
      const response = await fetch(`?${query}`, { signal: request.signal, redirect: "error" });
      if (!response.ok) throw new Error(`${response.status}`);
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      found.replaceChildren(...page.getElementById(found.id).childNodes);
    } catch (error) {
      if (error.name !== "AbortError") found.textContent = gettext("The server does not answer.");
    }
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE_MS);
  });
}
