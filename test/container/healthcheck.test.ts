import { aFolder, aFreePort, startProgram, type Program } from "@maxq/test-kit";
import { expect } from "chai";
import { networkInterfaces } from "node:os";
import { resolve } from "node:path";
import { command } from "../system/server.js";

const healthcheck = resolve(import.meta.dirname, "../../docker/healthcheck.sh");

const loopback = (networkInterfaces()["lo"] ?? []).map(({ address }) => address);
const hosts = ["0.0.0.0", "127.0.0.2", ...loopback.filter((address) => address === "::1")];

/** A server as a container starts it, and the port that it has. */
async function aServer(args: readonly string[], env: Record<string, string> = {}) {
  const server = startProgram({ command, args: [...args], env, cwd: aFolder("cwd") });
  const [, port = ""] = await server.waitForOutput(/serves http:\/\/[^/]+:(\d+)/);
  return { server, port };
}

/** Runs the check for a server, which is process 1 in a container. Answers its exit code. */
async function check(server: Program, env: Record<string, string>): Promise<number | null> {
  const args = [`/proc/${server.pid}/cmdline`];
  return (await startProgram({ command: healthcheck, args, env, cwd: aFolder("cwd") }).ended).code;
}

describe("the container's health check", () => {
  it("asks at the port and the address of the server's options, and not where nobody listens", async () => {
    const env = { MAXQ_PORT: "1", MAXQ_HOST: "0.0.0.0" };
    const port = await aFreePort();
    for (const option of [`--port ${port}`, `--port=${port}`, `-p ${port}`, `-p${port}`]) {
      const { server } = await aServer([...option.split(" "), "--host", "127.0.0.2"], env);
      expect(await check(server, env), option).to.equal(0);
      await server.stop();
    }
  });

  it("asks where the variables say, through no proxy", async () => {
    for (const MAXQ_HOST of hosts) {
      const { server, port } = await aServer([], { MAXQ_PORT: "0", MAXQ_HOST });
      const env = { MAXQ_SERVER_PORT: port, MAXQ_HOST, http_proxy: "http://127.0.0.1:1" };
      expect(await check(server, env), MAXQ_HOST).to.equal(0);
      expect(await check(server, { MAXQ_PORT: "1", MAXQ_HOST }), MAXQ_HOST).not.to.equal(0);
      await server.stop();
    }
  });
});
