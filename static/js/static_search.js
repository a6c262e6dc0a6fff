// The search of a static site: Pagefind looks into an index that lies beside the pages.
// https://pagefind.app/docs/api/

const AT_ONCE = 10;
const results = document.querySelector("[data-search]");
const said = results.querySelector("[role=status]");
const field = document.querySelector("input[name=q]");
const text = new URLSearchParams(location.search).get("q")?.trim() ?? "";

field.value = text;
if (text) search().catch(() => say(results.dataset.failed));

async function search() {
  const [first, ...others] = results.dataset.indexes.split(" ").filter(Boolean);
  const found = first ? await look(first, others) : [];
  say((found.length ? results.dataset.found : results.dataset.nothing).replace("%s", text));
  await show(found);
}

// Each index has some of the stories.
async function look(first, others) {
  const pagefind = await import(new URL(`/${first}/pagefind.js`, location.origin).href);
  await Promise.all(others.map((folder) => pagefind.mergeIndex(`/${folder}/`)));
  return (await pagefind.search(text)).results;
}

// Show some results, and a button for the next ones.
async function show(found) {
  const pages = await Promise.all(found.slice(0, AT_ONCE).map((result) => result.data()));
  results.append(...pages.map(entry));
  const rest = found.slice(AT_ONCE);
  if (!rest.length) return;
  const more = document.createElement("button");
  more.type = "button";
  more.textContent = results.dataset.more;
  more.addEventListener("click", () => {
    more.remove();
    show(rest);
  });
  results.append(more);
}

function entry(page) {
  const article = document.createElement("article");
  article.className = "result result--plain";
  const heading = document.createElement("h2");
  heading.className = "card__title";
  const link = document.createElement("a");
  link.href = page.url;
  link.textContent = page.meta.title;
  heading.append(link);
  const excerpt = document.createElement("p");
  excerpt.className = "result__excerpt";
  excerpt.append(...marked(page.excerpt));
  article.append(heading, excerpt);
  return article;
}

// Return the nodes of an excerpt, whose only elements are marks.
function marked(html) {
  const { body } = new DOMParser().parseFromString(html, "text/html");
  return [...body.childNodes].map((node) => {
    if (node.nodeName !== "MARK") return document.createTextNode(node.textContent);
    const mark = document.createElement("mark");
    mark.textContent = node.textContent;
    return mark;
  });
}

function say(sentence) {
  said.textContent = sentence;
}
