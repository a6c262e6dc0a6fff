// Show a footnote, or the source that a citation means, in a bubble next to its number.
// Without this, the number links to the notes or the sources below the text.

const bubble = document.createElement("aside");
bubble.className = "footnote-bubble";
bubble.popover = "auto";
const names = document.querySelector("[data-footnote]").dataset;
document.body.append(bubble);

function show(link, note) {
  bubble.ariaLabel = link.role === "doc-biblioref" ? names.source : names.footnote;
  const copy = note.cloneNode(true);
  copy.querySelectorAll(".footnote-backref").forEach((backLink) => backLink.remove());
  bubble.replaceChildren(...copy.childNodes);
  link.parentElement.after(bubble);
  bubble.showPopover();
  const anchor = link.getBoundingClientRect();
  const { width, height } = bubble.getBoundingClientRect();
  const left = Math.min(Math.max(8, anchor.left - width / 2), innerWidth - width - 8);
  const above = anchor.top - height - 8;
  bubble.style.left = `${left + scrollX}px`;
  bubble.style.top = `${(above > 8 ? above : anchor.bottom + 8) + scrollY}px`;
}

for (const link of document.querySelectorAll(".footnote-ref a, .citation a")) {
  const note = document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!note || !bubble.showPopover) continue;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    if (bubble.matches(":popover-open")) bubble.hidePopover();
    else show(link, note);
  });
}
