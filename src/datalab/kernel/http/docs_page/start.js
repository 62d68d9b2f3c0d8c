"use strict";

// The programs of x-codeSamples, shown where Swagger UI would list an operation's extensions.
const Samples = () => ({
  wrapComponents: {
    OperationExt:
      (_original, { React }) =>
      ({ extensions }) => {
        const samples = extensions.get("x-codeSamples");
        if (!samples) return null;
        const shown = samples.map((sample) =>
          React.createElement(
            "details",
            { key: sample.get("label") },
            React.createElement("summary", null, sample.get("label")),
            React.createElement("pre", { className: "microlight", tabIndex: 0 }, sample.get("source")),
          ),
        );
        return React.createElement("div", { className: "opblock-section parameters-container" }, shown);
      },
  },
});

SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  docExpansion: "none",
  filter: true,
  showExtensions: true,
  validatorUrl: null,
  plugins: [Samples],
  requestInterceptor: (request) => {
    // What a page of another origin can't send shows the gateway that a session's request is meant.
    if (new URL(request.url, location.href).origin === location.origin) {
      request.headers["X-DataLab-Console"] = "1";
    }
    return request;
  },
});
