// The interface documentation: Swagger UI from our own server, told where the description is.

type Settings = { url: string; domNode: Element; validatorUrl: null; deepLinking: boolean; onComplete: () => void };

declare const SwaggerUIBundle: (settings: Settings) => unknown;

const place = document.getElementById("interfaces");

if (place) {
  SwaggerUIBundle({
    url: place.dataset.description ?? "/openapi.json",
    domNode: place,
    validatorUrl: null,
    deepLinking: true,
    onComplete: () => {
      document.documentElement.dataset.ready = "";
    },
  });
}
