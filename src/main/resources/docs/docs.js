// Shows this node's own API document. A credential that is entered stays in the memory of this page.
window.addEventListener("DOMContentLoaded", () => {
  SwaggerUIBundle({
    url: "../openapi.json",
    dom_id: "#api",
    deepLinking: true,
    docExpansion: "list",
    displayRequestDuration: true,
    persistAuthorization: false,
    // Nothing is sent anywhere else.
    validatorUrl: null,
    presets: [SwaggerUIBundle.presets.apis],
  });
});
