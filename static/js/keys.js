// Keys of one letter, for lists: what they do is told in _keys.html. Not loaded for who switched
// them off. Rows are looked up at each key, as some come and go.

const ROWS = "main :is(.row, .entry)";
const FIELDS = "input, textarea, select, [contenteditable], dialog";
const help = document.getElementById("keys");
let current = null; // the row moved to last, and its place
let place = -1;

const rows = () => [...document.querySelectorAll(ROWS)];
const inFocus = () => document.activeElement.closest(ROWS);

function move(step) {
  const list = rows();
  const focused = list.indexOf(inFocus() ?? current);
  if (focused >= 0) place = focused;
  else if (current && step > 0) place -= 1; // it is gone, and the next one stands in its place
  place = Math.max(0, Math.min(place + step, list.length - 1));
  current?.removeAttribute("aria-current");
  current = list[place] ?? null;
  current?.setAttribute("aria-current", "true");
  current?.querySelector(":is(h2, h3) a, button")?.focus();
}

/** Return the row that a key is about; a page without rows is about one paper. */
const chosen = () => inFocus() ?? (current?.isConnected ? current : null) ?? onePaper();
const onePaper = () => document.querySelector("article.paper");

const ACTS = {
  j: () => move(1),
  k: () => move(-1),
  o: () => chosen()?.querySelector("details.more")?.toggleAttribute("open"),
  s: () => chosen()?.querySelector(".save")?.click(),
  "/": () => document.querySelector(".find input").focus(),
  "?": () => help.showModal(),
};

document.addEventListener("keydown", (event) => {
  const act = ACTS[event.key];
  if (!act || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest(FIELDS) || (event.repeat && !"jk".includes(event.key))) return;
  event.preventDefault();
  act();
});

document.getElementById("show-keys").addEventListener("click", () => help.showModal());
