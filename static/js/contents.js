// Mark the section that is being read in the table of contents.
// Without this, the contents are plain links.

const links = new Map(
  [...document.querySelectorAll(".contents a")].map((link) => [
    decodeURIComponent(link.hash.slice(1)),
    link,
  ]),
);
const headings = [...links.keys()].map((anchor) => document.getElementById(anchor)).filter(Boolean);

function markCurrent() {
  const line = innerHeight / 3;
  const current = headings.findLast((heading) => heading.getBoundingClientRect().top < line);
  for (const [anchor, link] of links) {
    if (anchor === current?.id) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

if (headings.length) {
  // Runs whenever a heading crosses the line a third of the way down the window.
  const observer = new IntersectionObserver(markCurrent, { rootMargin: "0px 0px -66% 0px" });
  headings.forEach((heading) => observer.observe(heading));
}
