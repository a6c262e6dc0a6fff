// Copy a story's link or the HTML that embeds it, and open the share sheet of the device.
// Without this, the page shows only the links to other services.

const status = document.querySelector(".share__said");

// What a button copies: its own text, or that of the field before it.
const textOf = ({ dataset, parentElement }) =>
  dataset.text ?? dataset.url ?? parentElement.querySelector("textarea").value;

const actions = {
  async copy(button) {
    await navigator.clipboard.writeText(textOf(button));
    status.textContent = button.dataset.copied ?? status.dataset.copied;
  },
  async device(button) {
    await navigator.share({ title: button.dataset.title, url: button.dataset.url });
  },
};

const isSupported = { copy: navigator.clipboard, device: navigator.share };

for (const button of document.querySelectorAll("[data-share]")) {
  const action = button.dataset.share;
  button.hidden = !isSupported[action];
  button.addEventListener("click", async () => {
    try {
      await actions[action](button);
    } catch (error) {
      if (error.name !== "AbortError") status.textContent = `${status.dataset.impossible} ${textOf(button)}`;
    }
  });
}
