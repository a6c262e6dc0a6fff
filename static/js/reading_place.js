// Where a reader is in the text of a story, and an offer to go to such a place.
// A place is a block of the text and the part of it that is read, so it is the same at every width.
// The part is above 1 between two blocks.

const text = document.querySelector(".story__body");
const blocks = [...text.children].filter((block) => !block.matches(".footnotes"));
// The distance, in CSS pixels, between the top of the window and the line that is being read.
const READING_LINE = 96;
let shown = null;

// The sentences of the offers, in the language of the page.
export const sentences = text.dataset;

// Return the place that is being read, or null before the beginning of the text.
export function placeNow() {
  const block = blocks.findLastIndex((each) => each.getBoundingClientRect().top < READING_LINE);
  if (block < 0) return null;
  const { top, height } = blocks[block].getBoundingClientRect();
  return { block, part: height ? Math.min(2, (READING_LINE - top) / height) : 0 };
}

// Return whether the last block of the text is in the window, or above it.
export function isAtEnd() {
  return !blocks.length || blocks.at(-1).getBoundingClientRect().top < innerHeight;
}

function goTo({ block, part }) {
  const target = blocks[Math.min(block, blocks.length - 1)];
  const { top, height } = target.getBoundingClientRect();
  scrollTo({ top: scrollY + top + part * height - READING_LINE, behavior: "instant" });
  target.tabIndex = -1;
  target.focus({ preventScroll: true });
}

// Offer to go to a place, at the foot of the window. Return a function that takes the offer back.
export function offer(sentence, place) {
  const bar = document.createElement("div");
  const withdraw = () => bar.remove();
  const button = (label, action) => {
    const made = Object.assign(document.createElement("button"), { type: "button", textContent: label });
    made.addEventListener("click", () => {
      withdraw();
      action?.();
    });
    return made;
  };
  const close = button("×");
  close.ariaLabel = sentences.close;
  bar.className = "offer";
  bar.role = "status";
  bar.append(button(sentence, () => goTo(place)), close);
  shown?.remove();
  shown = bar;
  document.querySelector("main").prepend(bar);
  return withdraw;
}
