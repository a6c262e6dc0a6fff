// Say beside each time of the publication what the reader's own clock shows then.

const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
const words = new Intl.DateTimeFormat("en", {
  month: "long", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});

function add(root) {
  for (const time of root.querySelectorAll("time[data-yours]")) {
    delete time.dataset.yours;
    time.insertAdjacentText("afterend", `, ${words.format(new Date(time.dateTime))} for you`);
    time.title = own;
  }
}

add(document);
const plan = document.getElementById("plan");
if (plan) new MutationObserver(() => add(plan)).observe(plan, { childList: true });
