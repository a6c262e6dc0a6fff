// What is pasted becomes Markdown: an address over words is a link, and rich text keeps its form.

import { post } from "../form_data.js";
import { gettext, ngettext } from "../sentences.js";
import { WEB_ADDRESS } from "./formatting.js";

// Whether HTML on the clipboard says more than its text. Editors of code put coloured text there.
const SAYS_MORE = /<(?:b|strong|i|em|a|h[1-6]|ul|ol|li|table|blockquote|p|div)\b/i;
const IS_CODE = /vscode|monospace/i;

export class Pasting {
  // `say` shows a sentence beside the text.
  constructor(area, address, say) {
    this.area = area;
    this.address = address;
    this.say = say;
    area.element.addEventListener("keydown", (event) => {
      this.isPlain = event.shiftKey;
    });
    area.element.addEventListener("paste", (event) => this.paste(event));
  }

  paste(event) {
    const data = event.clipboardData;
    const text = data.getData("text/plain");
    const html = data.getData("text/html");
    if (WEB_ADDRESS.test(text.trim()) && this.area.selected.trim()) {
      event.preventDefault();
      const words = this.area.selected;
      return this.area.insert(WEB_ADDRESS.test(words.trim()) ? text.trim() : `[${words}](${text.trim()})`);
    }
    // Ctrl+Shift+V means the text as it is.
    if (!html || this.isPlain || !SAYS_MORE.test(html) || IS_CODE.test(html)) return;
    event.preventDefault();
    this.convert(html, text);
  }

  async convert(html, text) {
    const { element } = this.area;
    const [from, to] = [this.area.start, this.area.end];
    const before = element.value;
    const body = new FormData();
    body.append("html", html);
    let markdown = text;
    try {
      const response = await post(this.address, body);
      const answer = await response.json();
      if (!response.ok) throw new Error(answer.error);
      markdown = answer.markdown;
      const count = answer.pictures_left_out;
      const left = () => ngettext(
        "%(count)s picture was left out: drop its file here.", "%(count)s pictures were left out: drop their files here.", count, { count },
      );
      this.say(count ? left() : "");
    } catch {
      this.say(gettext("Pasted as plain text: the server could not convert it."));
    }
    // Somebody may have typed while the server was asked: then paste where the caret is now.
    if (element.value === before) this.area.replace(from, to, markdown);
    else this.area.insert(markdown);
  }
}
