import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { aFlow, aFolder, nothingIsLeftOf, until, type Program } from "@maxq/test-kit";
import { expect } from "chai";
import { aRun, aServer, ask } from "./start.js";

const flow = `[ -n "$MAXQ_COMPLETED_STAGE$MAXQ_FAILED_STAGE" ] || echo '{"stage":"s","final":true,"steps":[{"name":"work"}]}'`;

/** The first attempt stays, with a child and two escapees; a later one notes which of their processes it meets. */
const work = (folder: string) => `cd ${folder}
echo "begin $MAXQ_ATTEMPT $$" >>lines
if [ "$MAXQ_ATTEMPT" -gt 1 ]; then
  for pid in $(cat pids); do grep -Eqs '^State:[[:space:]]+[^ZX[:space:]]' "/proc/$pid/status" && echo "met $pid" >>lines; done
  echo "end $MAXQ_ATTEMPT $$" >>lines
  exit 0
fi
trap '' TERM
sleep 1000 &
child=$!
setsid bash -c 'setsid sleep 1000 & echo "$$ $!" >escaped; exec sleep 1000' &
until [ -s escaped ]; do sleep 0.01; done
echo "$$ $child $(cat escaped)" >new && mv new pids
while :; do sleep 0.1; done`;

/** A server on which the first attempt is up, and how to see the second one end. */
class Site {
  readonly folder = aFolder("witness");
  readonly #args = ["--data-dir", aFolder("data"), "--flows", ""];
  server!: Program;
  #url = "";
  #runId = "";

  private constructor(private readonly env: Record<string, string>) {}

  static async open(env: Record<string, string> = {}): Promise<Site> {
    const site = new Site(env);
    site.#args[3] = aFlow("leaves", { flow, steps: { work: work(site.folder) } }).root;
    await site.start();
    site.#runId = await aRun(site.#url, "leaves");
    await until("the first attempt is up", () => existsSync(join(site.folder, "pids")));
    return site;
  }

  async start(): Promise<void> {
    ({ server: this.server, url: this.#url } = await aServer(this.#args, this.env));
  }

  launcher(): number {
    const found = readdirSync("/proc").find((pid) => {
      const stat = read(`/proc/${pid}/stat`);
      return new RegExp(`\\(maxq-launcher\\) [RSD] ${this.server.pid} `).test(stat); // it may be at work
    });
    return Number(found);
  }

  /** The second attempt has run, and what it wrote is all there is. */
  async expectAloneIn(attempt: number): Promise<void> {
    await until(
      "the run is completed",
      async () => (await ask(this.#url, `/runs/${this.#runId}`)).status === "completed",
    );
    const lines = read(join(this.folder, "lines")).trim().split("\n");
    expect(lines.map((line) => line.split(" ").slice(0, 2).join(" "))).to.deep.equal([
      "begin 1",
      `begin ${attempt}`,
      `end ${attempt}`,
    ]);
    await this.server.stop();
    await nothingIsLeftOf(this.server.mark);
  }
}

describe("what scripts left running is gone before their step starts again", () => {
  it("after kill -9 of the engine, with MAXQ_ADOPT=off", async () => {
    const site = await Site.open({ MAXQ_ADOPT: "off" });
    site.server.kill("SIGKILL");
    await site.start();
    await site.expectAloneIn(2);
  });

  it("after kill -9 of the launcher", async () => {
    const site = await Site.open();
    process.kill(site.launcher(), "SIGKILL");
    await site.expectAloneIn(2);
  });

  it("after kill -9 of both", async () => {
    const site = await Site.open();
    const { mark } = site.server;
    site.server.kill("SIGSTOP"); // or it would clear up after its launcher
    process.kill(site.launcher(), "SIGKILL");
    site.server.kill("SIGKILL");
    await site.start();
    await site.expectAloneIn(2);
    await nothingIsLeftOf(mark);
  });
});

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
