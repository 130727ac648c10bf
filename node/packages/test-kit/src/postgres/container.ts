import { existsSync } from "node:fs";
import { request } from "node:http";
import type { TestServer } from "./server.js";

const IMAGE = "postgres:17-alpine";
const PROBE_MS = 500;

/** A server in a container, null if no Docker answers here. Testcontainers' own reaper removes it after a killed run. */
export async function containerServer(): Promise<TestServer | null> {
  if (!(await dockerAnswers())) return null;
  const { PostgreSqlContainer } = await import("@testcontainers/postgresql");
  const container = await new PostgreSqlContainer(IMAGE)
    .withCommand(["postgres", "-c", "fsync=off", "-c", "max_connections=300"])
    .start();
  return {
    url: container.getConnectionUri(),
    title: `Docker, ${IMAGE}`,
    stop: async () => {
      await container.stop();
    },
  };
}

// Asked directly: testcontainers takes seconds to find out that there is none.
function dockerAnswers(): Promise<boolean> {
  const host = process.env.DOCKER_HOST ?? "unix:///var/run/docker.sock";
  if (!host.startsWith("unix://")) return Promise.resolve(true);
  const socketPath = host.slice("unix://".length);
  if (!existsSync(socketPath)) return Promise.resolve(false);
  return new Promise((resolve) => {
    const asked = request({ socketPath, path: "/_ping", timeout: PROBE_MS }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asked.once("error", () => resolve(false));
    asked.once("timeout", () => asked.destroy(new Error("Docker did not answer")));
    asked.end();
  });
}
