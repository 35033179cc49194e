// What the browser or its reader refused is said on the page, in words of its template.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  document.querySelector("#passkey-refused").hidden = false;
});
