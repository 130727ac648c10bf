import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { problem } from "@maxq/core";
import express, { type ErrorRequestHandler, type RequestHandler, type Router } from "express";
import { errorBody, sendJson } from "../answer/send.js";
import { refuseOtherMethods } from "../app/other-methods.js";
import { requestStateOf } from "../request/state.js";

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>MaxQ API</title>
<link rel="stylesheet" href="/api/v1/docs/swagger-ui.css">
</head>
<body>
<div id="page"></div>
<script src="/api/v1/docs/swagger-ui-bundle.js"></script>
<script src="/api/v1/docs/start.js"></script>
</body>
</html>
`;

const start = `SwaggerUIBundle({ url: "/api/v1/openapi.json", dom_id: "#page", deepLinking: true, validatorUrl: null });\n`;

/** The page that shows the OpenAPI document, at `/docs`. Everything on it comes from this server. */
export function docsPage(): Router {
  const router = express.Router({ caseSensitive: true });
  const routes: readonly (readonly [string, RequestHandler])[] = [
    ["/docs", text("text/html", page)],
    ["/docs/start.js", text("text/javascript", start)],
    ["/docs/swagger-ui.css", file("swagger-ui.css")],
    ["/docs/swagger-ui-bundle.js", file("swagger-ui-bundle.js")],
  ];
  for (const [path, handler] of routes) {
    router
      .route(path)
      .get(handler)
      .all(refuseOtherMethods(["GET", "HEAD"]));
  }
  router.use(refuseUnmet);
  return router;
}

function text(type: string, content: string): RequestHandler {
  return (_request, response) => {
    response.setHeader("Content-Security-Policy", policy);
    response.type(`${type}; charset=utf-8`).send(content);
  };
}

/** A file of swagger-ui-dist, found when it is asked for: a server that lost it still starts. */
function file(name: string): RequestHandler {
  return (_request, response) => {
    response.setHeader("Cache-Control", "public, max-age=3600");
    response.sendFile(join(swaggerDirectory(), name));
  };
}

/** A condition that a file does not meet, or a range that it does not have, is the client's matter. */
const refuseUnmet: ErrorRequestHandler = (
  thrown: { readonly status?: unknown },
  _request,
  response,
  next,
) => {
  if (thrown.status !== 412 && thrown.status !== 416) {
    next(thrown);
    return;
  }
  const found = problem(
    "INVALID_REQUEST",
    "The file does not meet the request's condition, or does not have that range. Ask for it without.",
  );
  response.removeHeader("Cache-Control");
  sendJson(response, thrown.status, errorBody(found, requestStateOf(response).id));
};

/** Beside this package, where a bundle puts it; else in the dependency. */
function swaggerDirectory(): string {
  const own = fileURLToPath(new URL("../../swagger-ui", import.meta.url));
  if (existsSync(own)) return own;
  return dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
}
