// Drag what is to come to another day; its time of day stays. The keyboard has “Move” in each entry.

const table = document.querySelector(".calendar[data-move]");
const said = document.getElementById("said");

async function move(entry, day) {
  const time = entry.dataset.at.slice(10);
  const body = new FormData();
  body.set("story", entry.dataset.story);
  body.set("kind", entry.dataset.kind);
  body.set("at", day + time);
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  said.textContent = "Moving…";
  try {
    const response = await fetch(table.dataset.move, {
      method: "POST", body, headers: { "X-CSRFToken": token, Accept: "application/json" },
    });
    const { error } = await response.json();
    if (error) throw new Error(error);
    sessionStorage.setItem("moved", `Moved to ${day}, ${time.slice(1, 6)}.`);
    location.reload();
  } catch (error) {
    said.textContent = `Not moved. ${error.message}`;
  }
}

if (table) {
  said.textContent = sessionStorage.getItem("moved") ?? "";
  sessionStorage.removeItem("moved");
  let dragged;
  table.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[draggable=true]");
    event.dataTransfer.effectAllowed = "move";
  });
  table.addEventListener("dragover", (event) => {
    const day = event.target.closest("[data-day]");
    if (dragged && day) event.preventDefault();
    for (const other of table.querySelectorAll(".calendar__target")) if (other !== day) other.classList.remove("calendar__target");
    day?.classList.add("calendar__target");
  });
  table.addEventListener("drop", (event) => {
    const day = event.target.closest("[data-day]");
    event.preventDefault();
    if (dragged && day && day.dataset.day !== dragged.dataset.at.slice(0, 10)) move(dragged, day.dataset.day);
    dragged = undefined;
  });
}
