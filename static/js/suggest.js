// What may be meant, under a search field, while somebody types. The site says what; the list is moved through with
// the arrows, Enter goes to what is chosen, Escape closes it, and without a choice Enter searches as ever.

const LEAST = 2; // letters
const PAUSE = 150; // milliseconds without a key before the site is asked

/** Let one field suggest: the pattern of a combobox with a list. */
function suggest(field, number) {
  const list = document.createElement("ul");
  list.id = `options-${number}`;
  list.className = "options";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  field.after(list);
  const attributes = {role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-controls": list.id};
  for (const [name, value] of Object.entries(attributes)) field.setAttribute(name, value);
  let timer = 0;
  let asked = new AbortController();

  const options = () => [...list.querySelectorAll("[role=option]")];
  const chosen = () => list.querySelector("[aria-selected=true]");

  function show(isOpen) {
    list.hidden = !isOpen;
    field.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) choose(null);
  }

  function choose(option) {
    chosen()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({block: "nearest"});
    if (option) field.setAttribute("aria-activedescendant", option.id);
    else field.removeAttribute("aria-activedescendant");
  }

  async function ask() {
    asked.abort();
    asked = new AbortController();
    const typed = field.value.trim();
    if (typed.length < LEAST) return show(false);
    try {
      const address = `${field.dataset.suggest}?${new URLSearchParams({q: typed})}`;
      const answer = await fetch(address, {signal: asked.signal});
      if (!answer.ok || answer.redirected) return show(false);
      list.innerHTML = await answer.text();
    } catch {
      return; // a newer question took its place, or nothing got through
    }
    options().forEach((option, place) => { option.id = `${list.id}-${place}`; });
    show(options().length > 0 && document.activeElement === field);
  }

  /** Move the choice; before the first and behind the last is the field itself. */
  function move(step) {
    const every = [null, ...options()];
    const place = every.indexOf(chosen()) + step;
    choose(every.at(place % every.length));
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });

  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault(); // else the browser empties the field
      show(false);
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && options().length) {
      event.preventDefault();
      if (list.hidden) show(true);
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && chosen()) {
      event.preventDefault();
      location.assign(chosen().dataset.href);
    }
  });

  // Before the field loses the focus, and the list with it.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.href);
  });
  field.addEventListener("blur", () => show(false));
  show(false);
}

document.querySelectorAll("input[data-suggest]").forEach(suggest);
