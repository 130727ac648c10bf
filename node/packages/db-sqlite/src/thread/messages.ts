import { DatabaseUnavailable, StatementFailed, type WakeUp } from "@maxq/db";
import { DatabaseInUse } from "../lock/lock.js";

/** To the thread: a method of the object that it serves. */
export interface Call {
  readonly id: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

/** From the thread. `ready` comes first, once, with the fault if the object could not be made; `unreadable` where a call came that could not be read. */
export type Reply =
  | { readonly kind: "ready"; readonly fault: SentError | null }
  | { readonly kind: "unreadable" }
  | Answer
  | Told;

/** To one call; with what there is to tell, which came before it: a message wakes the other thread. */
export type Answer = { readonly id: number; readonly wakeUps: readonly WakeUp[] } & (
  { readonly kind: "answer"; readonly value: unknown } | { readonly kind: "fault"; readonly fault: SentError }
);

/** What is told while a call goes on. */
export interface Told {
  readonly kind: "told";
  readonly wakeUps: readonly WakeUp[];
}

/** An error between threads: structured clone would lose its class. */
export interface SentError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly statement: string | undefined;
  readonly code: string | undefined;
  readonly ofContent: boolean | undefined;
}

const NO_STATEMENT = { statement: undefined, code: undefined, ofContent: undefined };

/** An error as it goes to another thread, which keeps no classes. */
export function sendable(error: unknown): SentError {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  const { statement, code, ofContent } = error instanceof StatementFailed ? error : NO_STATEMENT;
  return { name, message, stack, statement, code, ofContent };
}

/** The error that `sendable` was given, of its class again, where that is one of the Store's. */
export function received(sent: SentError): Error {
  const error = ofItsClass(sent);
  error.message = sent.message;
  if (sent.stack !== undefined) error.stack = sent.stack;
  return error;
}

function ofItsClass({ name, message, statement = "", code = "", ofContent = false }: SentError): Error {
  switch (name) {
    case "DatabaseUnavailable":
      return new DatabaseUnavailable(message);
    case "DatabaseInUse":
      return new DatabaseInUse(message);
    case "StatementFailed":
      return new StatementFailed(statement, code, message, ofContent);
    default:
      return new Error(message);
  }
}
