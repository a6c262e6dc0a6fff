// Show a picture as soon as it is chosen, before it is sent. Without this, it is shown once it is stored.

import { gettext } from "./sentences.js";

// Wide enough for every preview, in pixels.
const WIDTH = 960;

// Return a picture file as a small address of its own: the policy of the desk allows no others.
async function addressOf(file) {
  const bitmap = await createImageBitmap(file);
  const canvas = document.createElement("canvas");
  const scale = Math.min(1, WIDTH / bitmap.width);
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return canvas.toDataURL("image/webp", 0.8);
}

// Show an address in the place of a field's picture; an empty one hides it.
export function showPicture(field, src) {
  const picture = document.querySelector(`.stored-image [data-picture-of="${field}"]`);
  if (!picture) return;
  let image = picture.querySelector("img");
  if (!image) {
    image = new Image(240);
    image.alt = "";
    picture.prepend(image);
  }
  picture.hidden = !src;
  if (src) image.src = src;
  document.dispatchEvent(new CustomEvent("picture-shown", { detail: { field, src } }));
}

// Lead to the description of a picture while the writer looks at it.
function askWhatItShows(field) {
  const description = document.getElementById(`id_${field}_alt`);
  if (description && !description.value) description.focus();
}

for (const root of document.querySelectorAll(".stored-image")) {
  const { field } = root.dataset;
  const input = root.querySelector("[type=file]");
  const status = root.querySelector(".stored-image__status");
  const before = root.querySelector("img")?.src ?? "";
  const clear = root.querySelector("[type=checkbox]");

  input.addEventListener("change", async () => {
    const [file] = input.files;
    status.textContent = "";
    if (!file) return showPicture(field, before);
    try {
      showPicture(field, await addressOf(file));
      status.textContent = gettext("This is how %(name)s will look. It is stored when you save.", file);
      askWhatItShows(field);
    } catch {
      showPicture(field, before);
      status.textContent = gettext("%(name)s cannot be shown here. It is checked when you save.", file);
    }
  });
  clear?.addEventListener("change", () => showPicture(field, clear.checked ? "" : before));
}
