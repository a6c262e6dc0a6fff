// Remember on this device where a reader stopped, and offer to continue there. Nothing is sent.
// An entry goes when its story has been read to the end. Without this, a story opens at its top.

import { isAtEnd, offer, placeNow, sentences } from "./reading_place.js";

const KEY = "reading-places";
const MOST_STORIES = 30;
// Who has not read so many blocks has not begun.
const BEGUN = 2;
const path = location.pathname;
let wasAtEnd = false;
let withdraw = null;

// The entries are [path, place], the last read first. A browser may forbid to keep them.
function entries() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY));
    return Array.isArray(kept) ? kept.filter((entry) => Number.isInteger(entry?.[1]?.block)) : [];
  } catch {
    return [];
  }
}

function keep(place) {
  const others = entries().filter(([other]) => other !== path);
  const all = place ? [[path, place], ...others] : others;
  try {
    if (all.length) localStorage.setItem(KEY, JSON.stringify(all.slice(0, MOST_STORIES)));
    else localStorage.removeItem(KEY);
  } catch {
    // Then the story opens at its top.
  }
}

function leave() {
  const place = placeNow();
  const isInside = place?.block >= BEGUN && !isAtEnd();
  if (isInside) keep(place);
  else if (wasAtEnd || isAtEnd()) keep(null);
}

function follow() {
  wasAtEnd ||= isAtEnd();
  if (withdraw && placeNow()?.block >= BEGUN) {
    withdraw();
    withdraw = null;
  }
}

const [, place] = entries().find(([known]) => known === path) ?? [];
// After "back" and "reload", the browser itself returns to where the reader was.
const isNewVisit = performance.getEntriesByType("navigation")[0]?.type === "navigate";
if (place && isNewVisit && !location.hash) withdraw = offer(sentences.continue, place);

addEventListener("scroll", follow, { passive: true });
addEventListener("pagehide", leave);
document.addEventListener("visibilitychange", () => document.hidden && leave());
