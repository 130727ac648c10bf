export { conformance } from "./conformance.js";
export type { Subject } from "./kit/subject.js";
