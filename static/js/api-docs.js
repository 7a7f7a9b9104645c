// Starts Swagger UI. An inline script, as its manual shows, is what our policy forbids.
(() => {
  const place = document.getElementById("swagger-ui");
  window.SwaggerUIBundle({
    domNode: place,
    url: new URL(place.dataset.schema, window.location.href).href,
    deepLinking: true,
    docExpansion: "list",
    tryItOutEnabled: true,
    // Its badge would ask another server whether our description is valid.
    validatorUrl: null,
    // It calls its list the main part of the page, which holds it already.
    onComplete: () => document.getElementById("operations")?.setAttribute("role", "region"),
    presets: [window.SwaggerUIBundle.presets.apis],
  });
})();
