/** The npm package, as a user meets it: one tarball, an empty folder, `npm i`, the quick start. */
import { aFolder, aFreePort, nothingIsLeftOf, startProgram, until } from "@maxq/test-kit";
import { expect } from "chai";
import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { Api } from "../system/api.js";

const root = resolve(import.meta.dirname, "../..");
const call = promisify(execFile);

const flow = `#!/bin/bash

# When MAXQ_COMPLETED_STAGE is empty, this is the initial call
if [ -z "$MAXQ_COMPLETED_STAGE" ]; then
  # Schedule the first stage
  cat <<EOF
{
  "stage": "greet",
  "steps": [
    {"name": "say-hello", "instances": 1}
  ]
}
EOF
  exit 0
fi

# Mark as final - no more stages
cat <<EOF
{
  "final": true
}
EOF
`;

/** Builds the tarball and installs it alone. Answers the folder. */
async function install(): Promise<string> {
  const folder = aFolder("package");
  const packed = await call(join(root, "scripts/pack.sh"), ["--built", "--out", "tarball"], { cwd: folder });
  const tarball = packed.stdout.trim().split("\n").at(-1)!;
  mkdirSync(join(folder, "empty"));
  const options = ["--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"];
  await call("npm", ["i", ...options, tarball], { cwd: join(folder, "empty") });
  return join(folder, "empty");
}

function script(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, 0o755);
}

describe("the npm package", function () {
  // npm may have to ask its registry.
  this.timeout(300_000);

  it("is installed alone into an empty folder, runs no install script, and the quick start works", async () => {
    const cwd = await install();
    expect(readdirSync(join(cwd, "node_modules"))).to.include("maxq");
    const { version } = JSON.parse(readFileSync(join(root, "node/packages/maxq/package.json"), "utf8"));
    expect((await call("npx", ["maxq", "--version"], { cwd })).stdout).to.equal(`${version}\n`);

    script(join(cwd, "flows/hello/flow.sh"), flow);
    script(join(cwd, "flows/hello/steps/say-hello/step.sh"), '#!/bin/bash\necho "Hello from MaxQ"\n');
    const port = await aFreePort();
    const args = ["--port", String(port), "--data-dir", "./data", "--flows", "./flows"];
    const server = startProgram({ command: join(cwd, "node_modules/.bin/maxq"), args, cwd });
    await server.waitForOutput(/serves http/);
    const url = `http://localhost:${port}`;
    const headers = ["-H", "Content-Type: application/json", "-H", "Authorization: Bearer test-token"];
    const trigger = ["-sS", "-X", "POST", `${url}/api/v1/runs`, ...headers, "-d", '{"flowName": "hello"}'];
    const { id } = JSON.parse((await call("curl", trigger)).stdout) as { id: string };
    const api = new Api(`${url}/api/v1`);
    await until("the run is over", async () => (await api.get(`/runs/${id}`)).body.status === "completed");
    const { body } = await api.get(`/runs/${id}/steps/greet.say-hello`);
    expect(body.stdout).to.equal("Hello from MaxQ\n");
    expect((await fetch(`${url}/api/v1/docs/swagger-ui-bundle.js`)).status).to.equal(200);
    expect((await server.stop()).code).to.equal(0);
    await nothingIsLeftOf(server.mark);
  });
});
