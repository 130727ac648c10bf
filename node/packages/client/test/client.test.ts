import { expect } from "chai";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createClient, valueOf, type Client, type Followed } from "@maxq/client";
import { aServer, type TestServer } from "../../http/test/server.js";
import { aFreePort, sqliteDatabase, until, type TestDatabase } from "@maxq/test-kit";

describe("the client", () => {
  let database: TestDatabase;
  let server: TestServer;
  let client: Client;
  before(async () => {
    database = await sqliteDatabase();
    // Another server will come to be at its port.
    const port = await aFreePort();
    server = await aServer(await database.openStore(), { mode: { mode: "key", apiKey: "k" }, port });
    client = createClient({ baseUrl: server.url, apiKey: "k" });
  });
  after(async () => {
    await server.close();
    await database.drop();
  });

  it("starts, reads, schedules, stores and aborts", async () => {
    const { runs, steps, data } = client;
    const run = valueOf(await runs.create("hello", { input: { a: 1 }, metadata: { team: "data" } }, "once"));
    const repeated = await runs.create("hello", { input: { a: 1 }, metadata: { team: "data" } }, "once");
    expect(repeated).to.deep.include({ reason: "ok", status: 200 });
    expect(
      valueOf(await runs.list({ metadata: { team: "data" }, status: ["pending", "running"] })).data[0]!.id,
    ).to.equal(run.id);
    expect(
      valueOf(await steps.schedule(run.id, { stage: "s", steps: [{ name: "greet" }] })).scheduled,
    ).to.equal(1);
    expect(valueOf(await steps.list(run.id, { stage: "s", limit: 1 })).data[0]!.id).to.equal("s.greet");
    expect(valueOf(await steps.get(run.id, "s.greet")).attempts).to.deep.equal([]);
    await data.postFields(run.id, "s.greet", { n: 1 });
    expect(valueOf(await data.fields(run.id, { stepId: ["s.greet"] })).fields[0]!.fields).to.deep.equal({
      n: 1,
    });
    await data.putArtifact(run.id, "a:1", [0]);
    expect(valueOf(await data.artifact(run.id, "a:1")).data).to.deep.equal([0]);
    await data.log(run.id, { message: "hi" });
    expect(valueOf(await data.logs(run.id, { level: "info" })).count).to.equal(1);
    expect(valueOf(await runs.abort(run.id))).to.include({ processesKilled: 0 });
    const output = valueOf(await steps.output(run.id, "s.greet"));
    expect(await new Response(output).text()).to.equal("");
    expect(valueOf(await runs.remove(run.id)).id).to.equal(run.id);
    expect(valueOf(await client.server.flows()).data).to.have.length(2);
    expect(valueOf(await client.server.ready()).database).to.equal("sqlite");
  });

  it("answers refusals as values, with their code", async () => {
    const refused = await client.runs.create("nothing");
    expect(refused).to.deep.include({ reason: "refused", status: 404 });
    expect(() => valueOf(refused))
      .to.throw(/nothing/)
      .with.property("code", "FLOW_NOT_FOUND");
    const unknown = await createClient({ baseUrl: `${server.url}/api/v1/`, apiKey: "wrong" }).runs.list();
    expect(unknown).to.deep.include({ reason: "refused", status: 401 });
  });

  it("says when nobody answers, or something else does", async () => {
    const stranger = createServer((_request, response) => response.writeHead(502).end("<html>"));
    await new Promise<void>((resolve) => stranger.listen(0, "127.0.0.1", resolve));
    const baseUrl = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
    expect(await createClient({ baseUrl }).runs.list()).to.include({ reason: "unreachable" });
    await new Promise((resolve) => stranger.close(resolve));
    const silent = await createClient({ baseUrl }).runs.list();
    expect(silent.reason === "unreachable" && silent.message).to.match(/ECONNREFUSED/);
  });

  it("sends nothing where an id would lead to another route, and says what is wrong with it", async () => {
    const sent: unknown[] = [];
    const nowhere = createClient({
      baseUrl: server.url,
      fetch: (url) => Promise.reject(new Error(`asked for ${sent.push(url)}`)),
    });
    const { runs, steps, data, server: site } = nowhere;
    for (const [answer, code, message] of [
      [runs.get(""), "RUN_NOT_FOUND", "The id of the run is empty."],
      [runs.retry(".."), "RUN_NOT_FOUND", '".." is the id of no run.'],
      [steps.retry("r", ".."), "STEP_NOT_FOUND", '".." is the id of no step.'],
      [steps.output("r", ""), "STEP_NOT_FOUND", "The id of the step is empty."],
      [runs.create("."), "FLOW_NOT_FOUND", '"." is the name of no flow.'],
      [site.flow(""), "FLOW_NOT_FOUND", "The name of the flow is empty."],
      [data.removeArtifact("r", ".."), "ARTIFACT_NOT_FOUND", '".." is the name of no artifact.'],
    ] as const)
      expect(await answer).to.deep.include({ reason: "refused", status: 404, problem: { code, message } });
    const followed: Followed[] = [];
    for await (const each of nowhere.followRun("")) followed.push(each);
    expect(followed.map(({ reason }) => reason)).to.deep.equal(["refused"]);
    expect(sent).to.deep.equal([]);
  });

  it("never tells a token or a password that its URL holds", async () => {
    for (const [baseUrl, shown] of [
      [`http://127.0.0.1:9/api/v1/as/mxt_${"secret".repeat(13)}01`, "http://127.0.0.1:9/api/v1/as/[token]: "],
      ["http://user:secret@127.0.0.1:9", "http://127.0.0.1:9: "],
    ] as const) {
      const answer = await createClient({ baseUrl }).runs.list();
      const message = answer.reason === "unreachable" ? answer.message : "";
      expect(message).to.contain(`No answer from ${shown}`).and.not.to.contain("secret");
    }
  });

  it("follows a run to its end, over a server that goes away", async () => {
    const { id } = valueOf(await client.runs.create("hello"));
    const seen: Followed[] = [];
    const following = (async () => {
      for await (const each of client.followRun(id, { reconnects: 30 })) seen.push(each);
    })();
    await until("the first event is seen", () => seen.length > 0);
    const { port, store } = server;
    await server.close();
    server = await aServer(store, { mode: { mode: "key", apiKey: "k" }, port });
    await client.runs.abort(id);
    await following;
    expect(seen.at(-1)).to.deep.equal({ reason: "end", status: "aborted" });
    const ids = seen.flatMap((each) => (each.reason === "event" ? [each.event.id] : []));
    expect(new Set(ids).size).to.equal(ids.length);
    const refused: Followed[] = [];
    for await (const each of client.followRun("nothing")) refused.push(each);
    expect(refused.map(({ reason }) => reason)).to.deep.equal(["refused"]);
  });
});
