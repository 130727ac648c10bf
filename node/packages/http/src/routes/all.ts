import type { Route } from "./route.js";

/** Every route of the API. */
export const allRoutes: readonly Route[] = [];
