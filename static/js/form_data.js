// What stands in the fields, without files: those are sent when the form is.
export function typed(form, story) {
  const data = new FormData(form);
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  for (const box of form.querySelectorAll("input[type=hidden][name=cover]")) data.set("cover", box.value);
  data.set("story", story);
  return data;
}

// Read anew each time: whoever signs in again has another one.
export function csrfToken() {
  return document.cookie.match(/(?:^|; )csrftoken=([^;]*)/)?.[1] ?? "";
}
