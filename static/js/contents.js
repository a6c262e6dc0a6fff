// Mark the section that is being read, open the contents from anywhere in the text, and offer the
// way back after a jump. Without this, the contents are plain links, and so is the way to them.

import { offer, placeNow, sentences } from "./reading_place.js";

const contents = document.querySelector(".contents");
const wayThere = document.querySelector(".to-contents a");
let links = [];
// The jump that can be taken back: where it leads, and whether the reader has arrived.
let jump = null;

function anchorOf(link) {
  return decodeURIComponent(link.hash.slice(1));
}

function markCurrent(headings) {
  const line = innerHeight / 3;
  const current = headings.findLast((heading) => heading.getBoundingClientRect().top < line);
  for (const link of links) {
    if (anchorOf(link) === current?.id) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  if (jump && jump.anchor === current?.id) jump.isThere = true;
  else if (jump?.isThere) forgetJump();
}

function forgetJump() {
  jump?.withdraw();
  jump = null;
}

function rememberJump(link) {
  const place = placeNow();
  forgetJump();
  if (place) jump = { anchor: anchorOf(link), withdraw: offer(sentences.back, place) };
}

// Replace the link to the contents with a button that opens a copy of them.
function makeSheet() {
  const sheet = document.createElement("nav");
  sheet.className = "contents-sheet";
  sheet.id = "contents-sheet";
  sheet.ariaLabel = wayThere.textContent;
  sheet.popover = "auto";
  sheet.append(contents.querySelector("ol").cloneNode(true));
  sheet.addEventListener("click", (event) => event.target.closest("a") && sheet.hidePopover());
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = wayThere.textContent;
  button.popoverTargetElement = sheet;
  wayThere.replaceWith(button, sheet);
}

if (contents) {
  if ("popover" in HTMLElement.prototype) makeSheet();
  links = [...document.querySelectorAll(":is(.contents, .contents-sheet) a")];
  for (const link of links) link.addEventListener("click", () => rememberJump(link));
  const anchors = new Set(links.map(anchorOf));
  const headings = [...anchors].map((anchor) => document.getElementById(anchor)).filter(Boolean);
  // Runs whenever a heading crosses the line a third of the way down the window.
  const observer = new IntersectionObserver(() => markCurrent(headings), { rootMargin: "0px 0px -66% 0px" });
  headings.forEach((heading) => observer.observe(heading));
  // A leap over a heading, such as to a remembered place, crosses no line.
  addEventListener("scrollend", () => markCurrent(headings));
}
