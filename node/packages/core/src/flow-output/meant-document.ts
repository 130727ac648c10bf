import { isSlip } from "../did-you-mean.js";
import { stageDocumentSchema, stepEntrySchema } from "../stage/document.js";

/** What people write for `stage`, besides its slips. */
const otherWords = ["stageName", "name"];
const stageKeys = [...Object.keys(stageDocumentSchema.shape), ...otherWords];
const stepKeys = Object.keys(stepEntrySchema.shape);

/**
 * Whether an object is a stage document or was meant as one. With a key `stage` or `final` it is one. Without, it was meant as one if it has no key
 * but those of a document, slips of them (`fianl`) and other words for `stage`, and its `steps` is a list of nothing but steps or its `final` is `true`.
 * Narrow, because anything else is log: the record of a logger, an answer of the API, a summary that the last call prints.
 */
export function isMeantAsDocument(value: object): boolean {
  if ("stage" in value || "final" in value) return true;
  const members = Object.entries(value);
  if (!members.every(([key]) => isOneOf(stageKeys, key))) return false;
  return members.some(
    ([key, member]) =>
      (isSlip(key, "steps") && isListOfSteps(member)) || (isSlip(key, "final") && member === true),
  );
}

function isListOfSteps(value: unknown): boolean {
  return Array.isArray(value) && value.every(isStep);
}

function isStep(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const keys = Object.keys(value);
  return keys.some((key) => isSlip(key, "name")) && keys.every((key) => isOneOf(stepKeys, key));
}

function isOneOf(words: readonly string[], key: string): boolean {
  return words.some((word) => isSlip(key, word));
}
