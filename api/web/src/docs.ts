// The interface documentation: Swagger UI from our own server, told where the description is.

type Sent = { headers: Record<string, string> };
type Settings = {
  url: string;
  domNode: Element;
  validatorUrl: null;
  deepLinking: boolean;
  requestInterceptor: (sent: Sent) => Sent;
  onComplete: () => void;
};

declare const SwaggerUIBundle: (settings: Settings) => unknown;

const place = document.getElementById("interfaces");

if (place) {
  SwaggerUIBundle({
    url: place.dataset.description ?? "/openapi.json",
    domNode: place,
    validatorUrl: null,
    deepLinking: true,
    // Who is signed in may try what changes something, too.
    requestInterceptor: (sent) => {
      if (place.dataset.csrf) sent.headers["X-CSRF-Token"] = place.dataset.csrf;
      return sent;
    },
    onComplete: () => {
      document.documentElement.dataset.ready = "";
    },
  });
}
