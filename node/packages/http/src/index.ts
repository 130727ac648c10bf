export { createAccess, type Access, type AccessOptions, type IssueAccess } from "./access/access.js";
export { apiKeySetting, randomKey } from "./access/api-key.js";
export { isLoopbackAddress } from "./access/loopback.js";
export { resolveAccessMode, type AccessMode } from "./access/mode.js";
export { peerOwnersKnown } from "./access/peer.js";
export { createApp, type App } from "./app/create-app.js";
export type { AppOptions } from "./app/services.js";
export { listen, type Handler, type Listening } from "./server/listen.js";
