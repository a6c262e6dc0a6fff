// Show what a Markdown text becomes beside it, and put pictures into it.

const PAUSE_MS = 300;

class MarkdownEditor {
  constructor(root) {
    this.root = root;
    this.source = root.querySelector("textarea");
    this.preview = root.querySelector(".markdown__preview");
    this.status = root.querySelector(".markdown__status");
    if (this.preview) this.preview.hidden = false;
    this.offerPictures(root.querySelector(".markdown__picture"));
    if (this.preview) this.source.addEventListener("input", () => this.schedule());
    this.source.addEventListener("paste", (event) => this.take(event, event.clipboardData));
    this.source.addEventListener("drop", (event) => this.take(event, event.dataTransfer));
    if (this.preview) this.render();
  }

  offerPictures(label) {
    const input = label.querySelector("input");
    label.hidden = false;
    input.addEventListener("change", async () => {
      await this.upload([...input.files]);
      input.value = "";
    });
  }

  schedule() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.render(), PAUSE_MS);
  }

  // A later text overtakes an earlier one: the request under way is given up.
  async render() {
    this.request?.abort();
    this.request = new AbortController();
    const body = new FormData();
    body.append("content", this.source.value);
    try {
      const response = await this.post(this.root.dataset.preview, body, this.request.signal);
      const text = await response.text();
      if (!response.ok) throw new Error(`${response.status}`);
      this.preview.innerHTML = text;
      this.say("");
    } catch (error) {
      if (error.name !== "AbortError") this.say("The preview is older than the text: no answer.");
    }
  }

  // Text wins over a picture of it, which word processors put on the clipboard as well.
  take(event, data) {
    const pictures = [...data.files].filter((file) => file.type.startsWith("image/"));
    if (!pictures.length || data.types.includes("text/plain")) return;
    event.preventDefault();
    this.upload(pictures);
  }

  async upload(pictures) {
    for (const picture of pictures) {
      this.say(`Sending ${picture.name}…`);
      const body = new FormData();
      body.append("image", picture);
      try {
        const response = await this.post(this.root.dataset.upload, body);
        const answer = await response.json();
        if (!response.ok) throw new Error(answer.error);
        this.insert(`${answer.image_code}\n`);
        this.say(`${picture.name} is in the text. Describe it between the brackets.`);
      } catch (error) {
        this.say(`${picture.name} was not added. ${error.message}`);
      }
    }
  }

  // execCommand is the only way to change a text field that its undo knows of; setRangeText corrupts it.
  insert(text) {
    this.source.focus();
    document.execCommand("insertText", false, text);
  }

  post(address, body, signal) {
    const token = this.source.form.elements.csrfmiddlewaretoken.value;
    return fetch(address, { method: "POST", body, signal, headers: { "X-CSRFToken": token } });
  }

  say(sentence) {
    this.status.textContent = sentence;
  }
}

for (const root of document.querySelectorAll(".markdown")) new MarkdownEditor(root);
