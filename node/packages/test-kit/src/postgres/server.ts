import { afterAllTests } from "../cleanup.js";
import { containerServer } from "./container.js";
import { embeddedServer } from "./embedded.js";

/** A PostgreSQL server on which tests may create databases. */
export interface TestServer {
  /** Of a database to connect to while creating others. */
  readonly url: string;
  /** What it is, for the people who read the output. */
  readonly title: string;
  stop(): Promise<void>;
}

let found: Promise<TestServer> | null = null;

afterAllTests(async () => {
  const server = await found?.catch(() => null);
  found = null;
  await server?.stop();
});

/**
 * The PostgreSQL server of this test run, started when it is first needed: `MAXQ_TEST_DATABASE_URL`, else Docker, else the embedded binaries. It says which.
 * Rejects if there is none: tests that need PostgreSQL fail then, they are not skipped.
 */
export function testServer(): Promise<TestServer> {
  found ??= findServer().then((server) => {
    console.error(`PostgreSQL for the tests: ${server.title}`);
    return server;
  });
  return found;
}

async function findServer(): Promise<TestServer> {
  const url = process.env.MAXQ_TEST_DATABASE_URL;
  if (url) return { url, title: "MAXQ_TEST_DATABASE_URL", stop: () => Promise.resolve() };
  const problems: string[] = [];
  try {
    const container = await containerServer();
    if (container) return container;
    problems.push("Docker does not answer");
  } catch (error) {
    problems.push(`Docker answers, but ${(error as Error).message}`);
  }
  try {
    return await embeddedServer();
  } catch (error) {
    problems.push((error as Error).message);
  }
  throw new Error(
    `The tests found no PostgreSQL. MAXQ_TEST_DATABASE_URL is not set. ${problems.join(". ")}. ` +
      `Set MAXQ_TEST_DATABASE_URL to a server on which databases may be created.`,
  );
}
