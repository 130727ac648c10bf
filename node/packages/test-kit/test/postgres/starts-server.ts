import { embeddedServer } from "../../src/postgres/embedded.js";

// A test run that will be killed.
const { url } = await embeddedServer();
console.log(`server at ${url}.`);
setInterval(() => undefined, 60_000);
