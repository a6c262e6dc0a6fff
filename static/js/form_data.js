// Read the fields of the story form, and post to the desk. Imported by other modules.

// Return the values of all fields as FormData, without files: those are sent only when the form is saved.
export function fieldValues(form, story) {
  const data = new FormData(form);
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  data.set("story", story);
  return data;
}

// Read from the cookie each time: signing in again replaces the token.
export function csrfToken() {
  return document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]*)/)?.[1] ?? "";
}

// Post FormData with the CSRF token. `options` are those of fetch.
export function post(url, body, { headers, ...options } = {}) {
  const allHeaders = { "X-CSRFToken": csrfToken(), ...headers };
  return fetch(url, { method: "POST", body, headers: allHeaders, ...options });
}
