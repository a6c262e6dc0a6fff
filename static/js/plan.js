// Save the plan of a story without leaving its form, so that no unsaved text is in the way.
// Without this, the button submits the plan and opens the form again.

import { post } from "./form_data.js";
import { gettext } from "./sentences.js";

const form = document.getElementById("plan-story");
const status = document.getElementById("plan-status");

function isPast(day) {
  return day && new Date(`${day}T23:59:59`) < new Date();
}

async function save() {
  const values = new FormData(form);
  status.textContent = gettext("Saving…");
  try {
    const response = await post(form.action, values, { headers: { Accept: "application/json" } });
    const { error } = await response.json();
    if (error) throw new Error(error);
    status.textContent = gettext("The plan is saved.");
    // What was shown is now what was saved: the next save changes only what is changed after this.
    if (!isPast(values.get("plan-deadline"))) document.querySelector(".planning .overdue")?.remove();
    for (const field of form.elements) {
      if (field.name.startsWith("initial-")) field.value = values.get(field.name.replace("initial-", ""));
    }
  } catch (error) {
    status.textContent = `${gettext("The plan is not saved.")} ${error.message}`;
  }
}

form?.addEventListener("submit", (event) => {
  if (!status) return;
  event.preventDefault();
  save();
});
