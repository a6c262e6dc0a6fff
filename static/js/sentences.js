// Sentences in the language of the page. Imported by other modules.
// Where the catalogue of the desk is missing, they stay English.

// Return a translated sentence with the values in place of their names: gettext("Kept at %(time)s.", { time }).
export function gettext(sentence, values = {}) {
  const text = globalThis.gettext?.(sentence) ?? sentence;
  return text.replace(/%\((\w+)\)s/g, (place, name) => values[name] ?? place);
}

// Return the translated sentence for a count, with the values in place of their names.
export function ngettext(one, many, count, values = {}) {
  const text = globalThis.ngettext?.(one, many, count) ?? (count === 1 ? one : many);
  return text.replace(/%\((\w+)\)s/g, (place, name) => values[name] ?? place);
}

// The language in which dates are written.
export const language = document.documentElement.lang || "en";

// Return a Date as the desk writes it everywhere: "November 28, 2026, 09:00", in the zone of this device.
export function dateTime(date) {
  const day = date.toLocaleDateString(language, { dateStyle: "long" });
  const time = date.toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return `${day}, ${time}`;
}
