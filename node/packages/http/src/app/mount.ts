import express, { type Router } from "express";
import type { ReadBody } from "../request/raw-body.js";
import type { Route } from "../routes/route.js";
import { admitted } from "./admit.js";
import { refuseOtherMethods } from "./other-methods.js";
import { serve } from "./serve.js";
import type { Services } from "./services.js";

/** Serves the routes; another method on a path of theirs is answered 405 with `Allow`. */
export function mountRoutes(routes: readonly Route[], services: Services, readBody: ReadBody): Router {
  const router = express.Router({ caseSensitive: true });
  for (const path of new Set(routes.map((route) => route.path))) {
    const those = routes.filter((route) => route.path === path);
    const mounted = router.route(path.replaceAll(/\{(\w+)\}/g, ":$1"));
    for (const route of those) mounted[route.method](serve(route, services, readBody));
    const refuse = refuseOtherMethods(allowed(those));
    mounted.all(those.every(({ scope }) => scope === "public") ? refuse : admitted(services, refuse));
  }
  return router;
}

function allowed(routes: readonly Route[]): string[] {
  return routes.flatMap(({ method }) => (method === "get" ? ["GET", "HEAD"] : [method.toUpperCase()]));
}
