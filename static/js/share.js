// Copy a story's link, and open the share sheet of the device.
// Without this, the page shows only the links to other services.

const status = document.querySelector(".share__said");

const actions = {
  async copy(button) {
    await navigator.clipboard.writeText(button.dataset.url);
    status.textContent = status.dataset.copied;
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
      if (error.name !== "AbortError") status.textContent = `${status.dataset.impossible} ${button.dataset.url}`;
    }
  });
}
