// What scripting adds; every page works without it.

// A choice between two views of a page, or of keys, is remembered. The link itself holds the choice, so that it
// can be shared; the cookie is set only when a reader makes one.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-remember]");
  if (link) {
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `${link.dataset.remember}; path=/; max-age=31536000; samesite=lax${secure}`;
  }
});

// The reader's menu closes by a click elsewhere and with Escape.
document.addEventListener("click", (event) => {
  const menu = document.querySelector(".menu[open]");
  if (menu && !menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  const menu = document.querySelector(".menu[open]");
  if (event.key !== "Escape" || !menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
