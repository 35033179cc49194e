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

// What stands in a box is copied by the button beside it, which says so; where a browser does not let a page copy, the
// text is selected, so that one key does.
for (const button of document.querySelectorAll("[data-copies]")) {
  const [label, done] = button.children;
  const say = (is_done) => { label.hidden = is_done; done.hidden = !is_done; };
  button.disabled = false;
  button.addEventListener("click", async () => {
    const box = document.getElementById(button.dataset.copies);
    try {
      await navigator.clipboard.writeText(box.textContent);
      say(true);
      button.nextElementSibling.textContent = done.textContent;
      setTimeout(() => { say(false); button.nextElementSibling.textContent = ""; }, 2000);
    } catch {
      getSelection().selectAllChildren(box);
    }
  });
}
