// Add the time in the editor's own time zone after each time on the page.
// Without this, times are shown in the publication's zone and in UTC only.

import { dateTime, gettext } from "./sentences.js";

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

function addLocalTimes(root) {
  for (const time of root.querySelectorAll("time[data-add-local-time]")) {
    delete time.dataset.addLocalTime;
    time.insertAdjacentText("afterend", gettext(", %(time)s for you", { time: dateTime(new Date(time.dateTime)) }));
    time.title = zone;
  }
}

addLocalTimes(document);
// live_preview.js replaces the plan while the editor types.
const plan = document.getElementById("plan");
if (plan) new MutationObserver(() => addLocalTimes(plan)).observe(plan, { childList: true });
