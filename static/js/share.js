// Offer to copy a story's address, and the device's own share sheet where there is one.

const said = document.querySelector(".share__said");

const ways = {
  async copy(button) {
    await navigator.clipboard.writeText(button.dataset.url);
    said.textContent = "The link is copied.";
  },
  async device(button) {
    await navigator.share({ title: button.dataset.title, url: button.dataset.url });
  },
};

const isPossible = { copy: navigator.clipboard, device: navigator.share };

for (const button of document.querySelectorAll("[data-share]")) {
  const way = button.dataset.share;
  button.hidden = !isPossible[way];
  button.addEventListener("click", async () => {
    try {
      await ways[way](button);
    } catch (error) {
      if (error.name !== "AbortError") said.textContent = `Not possible here: ${button.dataset.url}`;
    }
  });
}
