// Set the focal point of a picture by clicking on it.
// Without this, the editor types the two percentages into the field.

for (const field of document.querySelectorAll("[data-focus-of]")) {
  const name = field.dataset.focusOf;
  const stored = document.querySelector(`.stored-image input[name="${name}"]`)?.parentElement;
  const picture = stored?.querySelector(".stored-image__picture");
  if (!picture) continue;

  const mark = document.createElement("span");
  mark.className = "stored-image__focus";
  picture.append(mark);

  const showMark = () => {
    const [x, y] = (field.value || "50 50").split(" ").map(Number);
    mark.style.left = `${x}%`;
    mark.style.top = `${y}%`;
  };

  picture.addEventListener("click", (event) => {
    const box = picture.getBoundingClientRect();
    const percent = (position, start, size) =>
      Math.min(100, Math.max(0, Math.round((100 * (position - start)) / size)));
    const x = percent(event.clientX, box.left, box.width);
    const y = percent(event.clientY, box.top, box.height);
    field.value = `${x} ${y}`;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    showMark();
  });
  field.addEventListener("input", showMark);
  showMark();
}
