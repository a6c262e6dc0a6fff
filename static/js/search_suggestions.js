// Offer founders, tags and titles while somebody types into a search box.

const form = document.querySelector("form[data-suggestions]");
const field = form.querySelector("input");
const list = document.createElement("datalist");
list.id = "search-suggestions";
form.append(list);
field.setAttribute("list", list.id);

let asked;

field.addEventListener("input", async () => {
  asked?.abort();
  asked = new AbortController();
  const address = `${form.dataset.suggestions}?${new URLSearchParams({ q: field.value })}`;
  try {
    const answer = await fetch(address, { signal: asked.signal });
    if (!answer.ok) return;
    const { suggestions } = await answer.json();
    list.replaceChildren(...suggestions.map((text) => new Option(text, text)));
  } catch (error) {
    if (error.name !== "AbortError") list.replaceChildren();
  }
});
