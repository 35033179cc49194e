// Buttons that act in place. htmx puts in what the site answers; what went wrong is said here,
// beside the button, in the words of the page or of the site.

const said = (place) => place.closest(".said") ?? place.closest(":has(.said)").querySelector(".said");

// The site refused: its error page says why.
document.addEventListener("htmx:beforeSwap", ({detail}) => {
  const {status} = detail.xhr;
  if (status < 400 || status >= 500) return;
  detail.shouldSwap = true;
  detail.target = said(detail.requestConfig.elt);
  detail.selectOverride = ".lede";
  detail.swapOverride = "innerHTML";
});

// It broke, or was not reached at all.
for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, ({detail}) => {
    if (detail.xhr.status >= 400 && detail.xhr.status < 500) return;
    const words = document.getElementById("unsent").content.cloneNode(true);
    said(detail.requestConfig.elt).replaceChildren(words);
  });
}

// A button that went with what it did (Undo) leaves the focus to what came in its place.
document.addEventListener("htmx:load", ({target}) => {
  if (document.activeElement === document.body) target.focus();
});
