// Suggest founders, tags and titles while a reader types into the search box.
// Without this, the search box is a plain form.

const form = document.querySelector("form[data-suggestions]");
const field = form.querySelector("input");
const list = document.createElement("datalist");
list.id = "search-suggestions";
form.append(list);
field.setAttribute("list", list.id);

let request;

field.addEventListener("input", async () => {
  request?.abort();
  request = new AbortController();
  const url = `${form.dataset.suggestions}?${new URLSearchParams({ q: field.value })}`;
  try {
    const response = await fetch(url, { signal: request.signal });
    if (!response.ok) return;
    const { suggestions } = await response.json();
    list.replaceChildren(...suggestions.map((text) => new Option(text, text)));
  } catch (error) {
    if (error.name !== "AbortError") list.replaceChildren();
  }
});
