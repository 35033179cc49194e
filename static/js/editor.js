// The editor of a day, quicker: rows are dragged by their number, and moved by Alt with an arrow. Both end in what the
// buttons of a row do, so the site alone knows the order.

const order = () => document.getElementById("order");
const form = document.getElementById("editor");
let held = null; // the row that is dragged

form.addEventListener("keydown", (event) => {
  const verb = {ArrowUp: "up", ArrowDown: "down"}[event.key];
  const row = event.target.closest(".ed");
  if (!verb || !row || !event.altKey || event.target.matches("textarea")) return;
  event.preventDefault();
  row.querySelector(`[value^="${verb}:"]`).click();
});

// Only the number can be held: text of a row can be selected as ever.
const letDrag = () => order().querySelectorAll(".ed:not(.out) .pos").forEach((it) => { it.draggable = true; });

form.addEventListener("dragstart", (event) => {
  held = event.target.closest(".pos")?.closest(".ed") ?? null;
  if (!held) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setDragImage(held, 0, 0);
  held.classList.add("held");
});

form.addEventListener("dragover", (event) => {
  const over = event.target.closest(".ed");
  if (!held || !over) return;
  event.preventDefault();
  if (over === held) return;
  const {top, height} = over.getBoundingClientRect();
  over[event.clientY < top + height / 2 ? "before" : "after"](held);
});

form.addEventListener("drop", (event) => event.preventDefault());

// The site is asked for the numbers of the new order.
form.addEventListener("dragend", () => {
  held?.classList.remove("held");
  held = null;
  document.getElementById("renumber").click();
});

// What is not the editor's page, as that for signing in, must not take its place.
form.addEventListener("htmx:beforeSwap", ({detail}) => {
  if (detail.xhr.status >= 400 || detail.xhr.responseText.includes('id="order"')) return;
  detail.shouldSwap = false;
  document.getElementById("order-said").replaceChildren(document.getElementById("unsent").content.cloneNode(true));
});

form.addEventListener("htmx:load", letDrag);
letDrag();

// Whoever leaves with something unsaved is asked, by the browser and in its words.
let unsaved = "unsaved" in form.dataset;
for (const change of ["input", "htmx:beforeRequest"]) form.addEventListener(change, () => { unsaved = true; });
form.addEventListener("submit", ({submitter}) => { unsaved &&= submitter?.value === "preview"; });
window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
