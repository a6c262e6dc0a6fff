// Show a picture at each shape in which readers see it, around its focal point, while it is chosen.
// Without this, the shapes show the stored picture.

for (const crops of document.querySelectorAll("[data-crops-of]")) {
  const name = crops.dataset.cropsOf;
  const field = document.querySelector(`[data-focus-of="${name}"]`);
  const pictures = [...crops.querySelectorAll("img")];

  const cut = () => {
    const [x, y] = (field?.value.trim() || "50 50").split(/\s+/).map(Number);
    if (!Number.isFinite(x) || !Number.isFinite(y)) return;
    for (const picture of pictures) picture.style.objectPosition = `${x}% ${y}%`;
  };

  field?.addEventListener("input", cut);
  // stored_image.js tells which picture is shown: an address, or nothing.
  document.addEventListener("picture-shown", ({ detail }) => {
    if (detail.field !== name) return;
    crops.hidden = !detail.src;
    for (const picture of pictures) {
      if (detail.src) picture.src = detail.src;
      else picture.removeAttribute("src");
    }
    cut();
  });
  cut();
}
