// Mark in the list of contents the part that is being read.

const links = new Map(
  [...document.querySelectorAll(".contents a")].map((link) => [
    decodeURIComponent(link.hash.slice(1)),
    link,
  ]),
);
const headings = [...links.keys()].map((anchor) => document.getElementById(anchor)).filter(Boolean);

function follow() {
  const line = innerHeight / 3;
  const read = headings.findLast((heading) => heading.getBoundingClientRect().top < line);
  for (const [anchor, link] of links) {
    if (anchor === read?.id) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

if (headings.length) {
  // Asked again whenever a heading crosses the line at a third of the window.
  const watch = new IntersectionObserver(follow, { rootMargin: "0px 0px -66% 0px" });
  headings.forEach((heading) => watch.observe(heading));
}
