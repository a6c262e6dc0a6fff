// Read the story aloud with a voice of the device. Nothing is sent: voices of the network are not used.
// Without this, or without such a voice for the language of the page, there is no button.

const synth = globalThis.speechSynthesis;
const text = document.querySelector(".story__body");
const panel = document.querySelector(".listen");
const [play, stop] = panel?.querySelectorAll("button") ?? [];
const speed = panel?.querySelector("select");
const labels = { idle: play?.textContent, reading: play?.dataset.pause, paused: play?.dataset.continue };
const UNREAD = "figure, pre, table, hr, .footnotes";
const NUMBERS = ".footnote-ref, .citation";

let parts = [];
// The sentence that is being read, as an index of parts.
let at = 0;
let current = null;
let state = "idle";

const languageOf = (element) => element.closest("[lang]")?.lang ?? "";

// Return the voice of the device for a language such as "de" or "de-AT".
function voiceFor(language) {
  const wanted = language.toLowerCase().split("-")[0];
  const voices = synth.getVoices().filter((voice) => voice.localService && voice.lang.toLowerCase().split(/[-_]/)[0] === wanted);
  return voices.find((voice) => voice.default) ?? voices[0];
}

// Return what is read: the title and each block of the text, a list by its entries.
function blocks() {
  const children = [...text.children].filter((block) => !block.matches(UNREAD));
  const read = children.flatMap((block) => (block.matches("ul, ol") ? [...block.children] : [block]));
  return [document.querySelector(".story__title"), ...read];
}

function wordsOf(block) {
  const copy = block.cloneNode(true);
  copy.querySelectorAll(NUMBERS).forEach((number) => number.remove());
  return copy.textContent.replace(/\s+/g, " ").trim();
}

// Return the sentences: a browser may stop in the middle of a longer text.
function sentencesOf(block) {
  const words = wordsOf(block);
  if (!words || !Intl.Segmenter) return words ? [words] : [];
  const segments = new Intl.Segmenter(languageOf(block), { granularity: "sentence" }).segment(words);
  return [...segments].map(({ segment }) => segment.trim()).filter(Boolean);
}

const isInWindow = ({ top, bottom }) => bottom > 0 && top < innerHeight;

// Mark the block that is read; follow it unless the reader has scrolled away.
function mark(block) {
  const before = document.querySelector(".is-read-aloud");
  if (before === block) return;
  const isFollowed = !before || isInWindow(before.getBoundingClientRect());
  before?.classList.remove("is-read-aloud");
  block?.classList.add("is-read-aloud");
  const { top, bottom } = block?.getBoundingClientRect() ?? {};
  if (block && isFollowed && (top < 0 || bottom > innerHeight - 96)) block.scrollIntoView({ block: "center" });
}

function show(next) {
  state = next;
  play.textContent = labels[state];
  const isOn = state !== "idle";
  panel.classList.toggle("listen--on", isOn);
  stop.hidden = speed.parentElement.hidden = !isOn;
}

function end() {
  current = null;
  synth.cancel();
  mark(null);
  show("idle");
}

function speak() {
  const part = parts[at];
  if (!part) return end();
  const language = languageOf(part.block);
  const utterance = new SpeechSynthesisUtterance(part.sentence);
  Object.assign(utterance, { lang: language, voice: voiceFor(language) ?? null, rate: Number(speed.value) });
  // What was cancelled ends too, and must not lead on.
  utterance.onend = () => {
    if (utterance !== current) return;
    at += 1;
    speak();
  };
  utterance.onerror = () => utterance === current && end();
  current = utterance;
  mark(part.block);
  show("reading");
  synth.speak(utterance);
}

// Some devices cannot pause, so the sentence is read again from its beginning.
function pause() {
  current = null;
  synth.cancel();
  show("paused");
}

function begin() {
  parts = blocks().flatMap((block) => sentencesOf(block).map((sentence) => ({ block, sentence })));
  const here = parts.findIndex(({ block }) => block.getBoundingClientRect().bottom > 0);
  at = Math.max(0, here);
  speak();
}

function offerIfPossible() {
  panel.hidden = !voiceFor(languageOf(text));
}

if (panel && text && synth && globalThis.SpeechSynthesisUtterance) {
  play.addEventListener("click", () => ({ idle: begin, reading: pause, paused: speak })[state]());
  stop.addEventListener("click", () => {
    end();
    play.focus();
  });
  speed.addEventListener("change", () => {
    if (state !== "reading") return;
    pause();
    speak();
  });
  addEventListener("pagehide", end);
  synth.addEventListener?.("voiceschanged", offerIfPossible);
  synth.cancel();
  offerIfPossible();
}
