// What the toolbar and the shortcuts do with a text: emphasis, headings, lists, quotations, links, footnotes.

const WORD = /[\p{L}\p{N}_'’-]/u;
export const WEB_ADDRESS = /^https?:\/\/\S+$/;

// Each takes a TextArea.
export const COMMANDS = {
  bold: (area) => wrap(area, "**"),
  italic: (area) => wrap(area, "*"),
  strike: (area) => wrap(area, "~~"),
  link: (area) => link(area),
  heading: (area) => prefixLines(area, "## ", /^#{1,6} +/),
  subheading: (area) => prefixLines(area, "### ", /^#{1,6} +/),
  bullets: (area) => prefixLines(area, "- ", /^(?:[-*+]|\d+[.)]) +/),
  numbers: (area) => prefixLines(area, (number) => `${number}. `, /^(?:[-*+]|\d+[.)]) +/),
  quote: (area) => prefixLines(area, "> ", /^> ?/),
  footnote: (area) => footnote(area),
  source: (area) => area.insert("[@"),
  table: (area) => block(area, "|  |  |\n| --- | --- |\n|  |  |", 2),
  rule: (area) => block(area, "---\n", 4),
  act: (area) => block(area, `## ${nextAct(area.text)}: `),
};

// Put marks around the selection, or around the word at the caret; take them away if they are there.
function wrap(area, mark) {
  let { start, end, text } = area;
  if (start === end) [start, end] = wordAt(text, start);
  const inside = text.slice(start, end);
  const size = mark.length;
  if (isMarked(text, start, end, mark)) {
    return area.replace(start - size, end + size, inside, start - size, end - size);
  }
  if (inside.length >= 2 * size && isMarked(text, start + size, end - size, mark)) {
    return area.replace(start, end, inside.slice(size, -size), start, end - 2 * size);
  }
  // Spaces stay outside of the marks: “** word**” is not bold.
  const [, before, words, after] = inside.match(/^(\s*)(.*?)(\s*)$/s);
  area.replace(start, end, before + mark + words + mark + after, start + before.length + size, start + before.length + size + words.length);
}

// Whether the mark stands just outside; of “**” around a word, “*” is not a mark of its own.
function isMarked(text, start, end, mark) {
  const size = mark.length;
  const runs = mark[0] === "*" ? [starsBefore(text, start), starsAfter(text, end)] : null;
  if (runs) return runs.every((run) => (size === 1 ? run % 2 === 1 : run >= 2));
  return text.slice(start - size, start) === mark && text.slice(end, end + size) === mark;
}

const starsBefore = (text, place) => text.slice(0, place).match(/\**$/)[0].length;
const starsAfter = (text, place) => text.slice(place).match(/^\**/)[0].length;

function wordAt(text, place) {
  let [start, end] = [place, place];
  while (start > 0 && WORD.test(text[start - 1])) start -= 1;
  while (end < text.length && WORD.test(text[end])) end += 1;
  return [start, end];
}

function link(area) {
  let { start, end, text } = area;
  if (start === end) [start, end] = wordAt(text, start);
  const words = text.slice(start, end);
  if (WEB_ADDRESS.test(words)) return area.replace(start, end, `[](${words})`, start + 1);
  const address = "https://";
  const from = start + words.length + 3;
  area.replace(start, end, `[${words}](${address})`, from, from + address.length);
}

// Put a prefix before each selected line, in place of another one; take it away if all lines have it.
function prefixLines(area, prefix, others) {
  const from = area.lineAt(area.start).from;
  const to = area.lineAt(Math.max(area.start, area.end - (area.selected.endsWith("\n") ? 1 : 0))).to;
  const lines = area.text.slice(from, to).split("\n");
  const prefixOf = (number) => (typeof prefix === "string" ? prefix : prefix(number));
  const filled = lines.filter((line) => line.trim() || lines.length === 1);
  const haveIt = filled.every((line, place) => line.startsWith(prefixOf(place + 1)));
  let number = 0;
  const changed = lines.map((line) => {
    if (!line.trim() && lines.length > 1) return line;
    number += 1;
    const bare = line.replace(others, "");
    return haveIt ? bare : prefixOf(number) + bare;
  }).join("\n");
  const isOneLine = lines.length === 1;
  area.replace(from, to, changed, isOneLine ? from + changed.length : from, from + changed.length);
}

// Put the mark of a new footnote at the caret, and begin its text at the end.
function footnote(area) {
  const numbers = [...area.text.matchAll(/\[\^(\d+)\]/g)].map((match) => Number(match[1]));
  const number = Math.max(0, ...numbers) + 1;
  area.replace(area.end, area.end, `[^${number}]`);
  const end = area.text.trimEnd().length;
  const text = `\n\n[^${number}]: `;
  area.replace(end, area.text.length, text);
}

// Put a block into lines of its own; the caret goes to a place in it, or to its end.
function block(area, text, place = text.length) {
  const line = area.lineAt(area.start);
  const [from, before] = line.text.trim() ? [line.to, "\n\n"] : [line.from, ""];
  area.replace(from, line.to, before + text, from + before.length + place);
}

function nextAct(text) {
  const count = [...text.matchAll(/^## Act /gm)].length + 1;
  const numerals = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"];
  return `Act ${numerals[count - 1] ?? count}`;
}

// Enter in a list or a quotation begins the next item; in an empty item it ends the list.
export function continueLine(area) {
  if (area.start !== area.end) return false;
  const line = area.lineAt(area.start);
  const match = line.text.match(/^(\s*)(?:([-*+])|(\d+)([.)])|(>))\s+(.*)$/);
  if (!match || area.start < line.to - match[6].length) return false;
  const [, indent, bullet, number, sign, quote, content] = match;
  if (!content.trim()) {
    area.replace(line.from, line.to, "");
    return true;
  }
  const next = bullet ?? quote ?? `${Number(number) + 1}${sign}`;
  area.insert(`\n${indent}${next} `);
  return true;
}
