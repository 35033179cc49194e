// A button copies what stands in the element that it names, and says so in words of the page.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copies]");
  if (!button) return;
  const shown = document.getElementById(button.dataset.copies);
  try {
    await navigator.clipboard.writeText(shown.textContent);
    button.textContent = button.dataset.done;
  } catch {
    // Not allowed, or no https: then it is selected, to be copied by hand.
    getSelection().selectAllChildren(shown);
  }
});
