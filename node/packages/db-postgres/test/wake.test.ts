import type { WakeUp } from "@maxq/db";
import type { PostgresDriver } from "@maxq/db-postgres";
import { createEmptyDatabase, until } from "@maxq/test-kit";
import { expect } from "chai";
import { Client } from "../src/connection/client.js";
import { clientConfig } from "../src/connection/config.js";
import { Connections } from "../src/connection/connections.js";
import { Listener } from "../src/wake/listener.js";
import { notification } from "../src/wake/message.js";
import { Scratch } from "./scratch.js";

describe("wake-ups between processes", () => {
  let scratch: Scratch;
  let one: PostgresDriver;
  let other: PostgresDriver;
  const run = (runId: string): WakeUp => ({ reason: "run", runId });
  const healthy = (driver: PostgresDriver) => until("wake-ups arrive", () => driver.wakeUpsHealthy());
  const wake = (driver: PostgresDriver, ...wakeUps: WakeUp[]) =>
    driver.transaction((tx) => {
      for (const wakeUp of wakeUps) tx.wake(wakeUp);
      return Promise.resolve();
    });
  const listen = (driver: PostgresDriver): WakeUp[] => {
    const told: WakeUp[] = [];
    driver.onWakeUp((wakeUp) => told.push(wakeUp));
    return told;
  };

  beforeEach(async () => {
    scratch = await Scratch.create();
    one = await scratch.open({});
    other = await scratch.open({}, { echoEveryMs: 50 });
    await healthy(one);
    await healthy(other);
  });
  afterEach(() => scratch.drop());

  it("arrive there, and here at once and once only", async () => {
    const here = listen(one);
    const there = listen(other);
    await wake(one, run("a"), run("a"), { reason: "work" });
    expect(here).to.deep.equal([run("a"), { reason: "work" }]);
    await wake(one, run("last"));
    await until("the last one arrives", () =>
      there.some((wakeUp) => "runId" in wakeUp && wakeUp.runId === "last"),
    );
    expect(there).to.deep.equal([run("a"), { reason: "work" }, run("last")]);
    // What came back here since then would have been told a second time.
    expect(here).to.deep.equal([run("a"), { reason: "work" }, run("last")]);
  });

  it("come from the hot connection too", async () => {
    const there = listen(other);
    await one.hot.transaction((tx) => {
      tx.wake(run("hot"));
      return Promise.resolve();
    });
    await until("it arrives", () => there.length > 0);
  });

  it("of runs that change one after the other go together, those of work at once, and both before the end", async () => {
    const there = listen(other);
    one.tellOthers([run("a")]);
    one.tellOthers([run("b"), run("a")]);
    one.tellOthers([{ reason: "work" }]);
    await until("all arrive", () => there.length > 2);
    expect(there).to.deep.equal([run("a"), run("b"), { reason: "work" }]);
    one.tellOthers([run("last")]);
    await one.close();
    await until("the last word arrives", () => there.length > 3);
    expect(there.at(-1)).to.deep.equal(run("last"));
  });

  it("go with the commit of a statement that takes them, unless others went just before", async () => {
    const there = listen(other);
    const words = one.tellOthersWithCommit([run("a"), { reason: "work" }]);
    expect(one.tellOthersWithCommit([{ reason: "work" }])).to.equal(null);
    for (const word of words!) await scratch.query(`select pg_notify('maxq', '${word}')`);
    await until("they arrive", () => there.length > 1);
    expect(there).to.deep.equal([run("a"), { reason: "work" }]);
    await until("it is quiet again", () => one.tellOthersWithCommit([]) !== null);
    one.tellOthers([run("b"), { reason: "work" }]);
    expect(one.tellOthersWithCommit([{ reason: "work" }])).to.equal(null);
  });

  it("keep any run's id apart from SQL", async () => {
    const there = listen(other);
    await wake(one, run("it's \\ 'quoted'"));
    await until("it arrives", () => there.length > 0);
    expect(there).to.deep.equal([run("it's \\ 'quoted'")]);
  });

  it("come back soon after the connection was lost, telling that some may be lost", async () => {
    const here = listen(one);
    await scratch.terminate("% listener");
    await until("it is back", () => here.some(({ reason }) => reason === "work"));
    await healthy(one);
    await healthy(other);
    const there = listen(other);
    await wake(one, run("again"));
    await until("it arrives", () => there.some((wakeUp) => "runId" in wakeUp && wakeUp.runId === "again"));
  });

  /** A listener on the scratch database that counts the echoes it sends itself. */
  function aListener(echoEveryMs: number) {
    let sent = 0;
    let received = 0;
    const listener = new Listener({
      makeClient: () => new Client(clientConfig({ url: scratch.url }), new Connections()),
      origin: "me",
      echoEveryMs,
      sendEcho: async () => {
        sent++;
        await scratch.query(notification({ from: "me" }));
      },
      receive: () => received++,
      onHealthy: () => undefined,
    });
    listener.start();
    return { listener, sent: () => sent, received: () => received };
  }

  it("are asked for in silence by a message that another statement may carry", async () => {
    await one.close();
    await other.close();
    // Longer than a message takes to arrive, however busy the machine is.
    const { listener, sent } = aListener(800);
    await until("it is healthy", () => listener.healthy);
    expect(listener.takeEcho()).to.equal(null);
    for (let carried = 0; carried < 2; carried++) {
      let echo: string | null = null;
      await until("an echo is wanted", () => (echo = listener.takeEcho()) !== null);
      expect(listener.takeEcho()).to.equal(null);
      await scratch.query(`select pg_notify('maxq', '${echo}')`);
    }
    expect(sent()).to.equal(1);
    expect(listener.healthy).to.equal(true);
    await until("one is sent where none was carried", () => sent() > 1);
    await listener.stop();
  });

  it("are healthy as long as messages of others arrive", async () => {
    const { listener, sent, received } = aListener(10_000);
    await until("it is healthy", () => listener.healthy);
    // The other driver asks for an echo of its own after 50 ms each.
    await until("a good deal has come", () => received() > 20);
    expect(listener.takeEcho()).to.equal(null);
    expect(sent()).to.be.at.most(1);
    await listener.stop();
  });

  it("are not healthy when nothing comes back, although the connection lives", async () => {
    // As behind a transaction pooler: it listens where nobody speaks.
    const elsewhere = await createEmptyDatabase();
    let asked = 0;
    const deaf = new Listener({
      makeClient: () => new Client(clientConfig({ url: elsewhere.url }), new Connections()),
      origin: "me",
      echoEveryMs: 10_000,
      sendEcho: async () => {
        await scratch.query(notification({ from: "me" }));
        asked++;
      },
      receive: () => undefined,
      onHealthy: () => undefined,
    });
    deaf.start();
    await until("it has tried another connection", () => asked > 1);
    expect(deaf.healthy).to.equal(false);
    await deaf.stop();
    await elsewhere.drop();
  });
});
