// Move a calendar entry to another day by dragging it; the time of day stays.
// Without this, and with the keyboard, “Move” in each entry does the same.

import { post } from "./form_data.js";
import { gettext } from "./sentences.js";

const table = document.querySelector(".calendar");
const status = document.getElementById("calendar-status");

async function move(entry, day) {
  // What is planned has no time.
  const time = entry.dataset.at.slice(10);
  const body = new FormData();
  body.set("story", entry.dataset.story);
  body.set("kind", entry.dataset.kind);
  body.set("at", day + time);
  status.textContent = gettext("Moving…");
  try {
    const response = await post(entry.dataset.move, body, { headers: { Accept: "application/json" } });
    const { error } = await response.json();
    if (error) throw new Error(error);
    const values = { day, time: time.slice(1, 6) };
    sessionStorage.setItem("moved", time ? gettext("Moved to %(day)s, %(time)s.", values) : gettext("Moved to %(day)s.", values));
    location.reload();
  } catch (error) {
    status.textContent = `${gettext("Not moved.")} ${error.message}`;
  }
}

function highlight(day) {
  for (const other of table.querySelectorAll(".calendar__target")) {
    if (other !== day) other.classList.remove("calendar__target");
  }
  day?.classList.add("calendar__target");
}

if (table) {
  status.textContent = sessionStorage.getItem("moved") ?? "";
  sessionStorage.removeItem("moved");
  let dragged;
  table.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("[draggable=true]") ?? undefined;
    event.dataTransfer.effectAllowed = "move";
  });
  table.addEventListener("dragover", (event) => {
    const day = event.target.closest("[data-day]");
    if (dragged && day) event.preventDefault();
    highlight(day);
  });
  table.addEventListener("drop", (event) => {
    const day = event.target.closest("[data-day]");
    event.preventDefault();
    if (dragged && day && day.dataset.day !== dragged.dataset.at.slice(0, 10)) move(dragged, day.dataset.day);
    dragged = undefined;
  });
}
