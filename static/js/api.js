// The operations of the API, as Swagger UI shows them. What is changed by a reader who is signed in
// needs the token of this page.
{
  const place = document.getElementById("operations");
  const theme = document.documentElement.dataset.theme;
  const isDark = theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.classList.toggle("dark-mode", isDark);
  SwaggerUIBundle({
    url: place.dataset.schema,
    domNode: place,
    deepLinking: true,
    defaultModelsExpandDepth: 0,
    requestInterceptor: (request) => {
      if (place.dataset.token && request.method !== "GET") {
        request.headers["X-CSRFToken"] = place.dataset.token;
      }
      return request;
    },
  });
}
