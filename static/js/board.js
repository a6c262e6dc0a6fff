// Move a card of the board to another column by dragging it, where a real step leads there.
// Without this, and with the keyboard, “Move” in each card does the same.

import { post } from "./form_data.js";
import { gettext } from "./sentences.js";

const board = document.querySelector(".stages");
const status = document.getElementById("board-status");
let dragged;

function mark(stage) {
  for (const each of board.querySelectorAll(".stage")) {
    each.classList.toggle("stage--open", Boolean(dragged && isTarget(each)));
    each.classList.toggle("stage--target", each === stage && isTarget(each));
  }
}

function isTarget(stage) {
  return Boolean(dragged && stage && dragged.dataset.targets.split(" ").includes(stage.dataset.stage));
}

async function move(card, stage) {
  const form = card.querySelector(`form[data-target="${stage}"]`);
  const reason = form.querySelector("textarea");
  if (reason && !reason.value.trim()) {
    card.querySelector("details").open = true;
    reason.focus();
    status.textContent = gettext("Say why it is returned, and press the button.");
    return;
  }
  status.textContent = gettext("Moving…");
  try {
    const response = await post(card.dataset.move, new FormData(form), { headers: { Accept: "application/json" } });
    const { error, go } = await response.json();
    if (error) throw new Error(error);
    if (go) {
      status.textContent = "";
      return location.assign(go);
    }
    sessionStorage.setItem("moved", gettext("The story is moved."));
    location.reload();
  } catch (error) {
    status.textContent = `${gettext("Not moved.")} ${error.message}`;
  }
}

status.textContent = sessionStorage.getItem("moved") ?? "";
sessionStorage.removeItem("moved");
board.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.(".story-card[draggable=true]") ?? undefined;
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  mark();
});
board.addEventListener("dragover", (event) => {
  const stage = event.target.closest(".stage");
  // A column that says why it refuses gets the drop too.
  if (isTarget(stage) || (dragged && stage?.dataset.refusal)) event.preventDefault();
  mark(stage);
});
board.addEventListener("drop", (event) => {
  const stage = event.target.closest(".stage");
  event.preventDefault();
  if (isTarget(stage)) move(dragged, stage.dataset.stage);
  else if (dragged && stage?.dataset.refusal) status.textContent = stage.dataset.refusal;
});
board.addEventListener("dragend", () => {
  dragged = undefined;
  mark();
});
