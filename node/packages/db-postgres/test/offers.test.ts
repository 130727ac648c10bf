import { DatabaseUnavailable, StatementFailed, type ExchangeRequest, type Params } from "@maxq/db";
import { expect } from "chai";
import type { PostgresDriver } from "../src/driver/driver.js";
import { createFastExchange } from "../src/exchange/fast-exchange.js";
import { StageOffers } from "../src/stage/offers.js";
import { failure } from "./scratch.js";

const nothing = '{"tasks":[],"floor":null,"passed":false}';

/** A worker that claims when it is told of work, and a database that answers what a test says. */
class Meeting {
  readonly asked: [statement: string, params: Params][] = [];
  readonly claims: Promise<unknown>[] = [];
  readonly offers: StageOffers;

  constructor(freeSteps: number | null, answer: (statement: string) => Promise<string>) {
    const driver = {
      hot: {
        answer: (statement: string, params: Params) => {
          this.asked.push([statement, params]);
          return answer(statement);
        },
      },
      tellHere: () => undefined,
      tellOthers: () => undefined,
    };
    this.offers = new StageOffers(() => {
      if (freeSteps !== null) this.claims.push(exchange({ ...request, freeSteps }));
    });
    const exchange = createFastExchange(driver as unknown as PostgresDriver, this.offers);
  }

  get statements(): string[] {
    return this.asked.map(([statement]) => statement);
  }

  make(): Promise<boolean> {
    return this.offers.make({ steps: 2, params: { plan: "p" } });
  }
}

const request: ExchangeRequest = {
  ...{ workerKey: 7, round: 1, outcomes: [], released: [], started: [] },
  ...{ freeSteps: 2, aheadSteps: 0, freeCalls: 1, lookForSteps: true, lookForCalls: true },
};

describe("a stage that is offered to the next claim", () => {
  it("is stored by the claim that is sent at that moment", async () => {
    const meeting = new Meeting(2, () => Promise.resolve(nothing.replace("}", ',"stored":true}')));
    expect(await meeting.make()).to.equal(true);
    expect(meeting.asked).to.deep.equal([["exchange.begin_stage", { workerKey: 7, round: 1, plan: "p" }]]);
  });

  it("is not, where the statement found that it may not be", async () => {
    const meeting = new Meeting(2, () => Promise.resolve(nothing));
    expect(await meeting.make()).to.equal(false);
  });

  it("is left to its own statement where nobody claims, or there is no room", async () => {
    for (const freeSteps of [null, 1]) {
      const meeting = new Meeting(freeSteps, () => Promise.resolve(nothing));
      expect(await meeting.make()).to.equal(false);
      await Promise.all(meeting.claims);
      expect(meeting.statements).to.deep.equal(freeSteps === null ? [] : ["exchange.claim"]);
    }
  });

  it("is not offered while another one is, and no claim takes what is offered no more", async () => {
    const meeting = new Meeting(null, () => Promise.resolve(nothing));
    const first = meeting.make();
    expect(await meeting.make()).to.equal(false);
    expect(await first).to.equal(false);
    expect(meeting.offers.take(10)).to.equal(null);
  });

  it("is no matter of the claim if the database cannot take it", async () => {
    const meeting = new Meeting(2, (statement) =>
      statement === "exchange.begin_stage"
        ? Promise.reject(new StatementFailed("exchange.begin_stage", "22P05", "unsupported", true))
        : Promise.resolve(nothing),
    );
    expect(await meeting.make()).to.equal(false);
    await Promise.all(meeting.claims);
    expect(meeting.statements).to.deep.equal(["exchange.begin_stage", "exchange.claim"]);
  });

  it("tells both if nobody can say whether it was stored", async () => {
    const meeting = new Meeting(2, () => Promise.reject(new DatabaseUnavailable("gone")));
    expect(await failure(meeting.make())).to.be.instanceOf(DatabaseUnavailable);
    expect(await failure(meeting.claims[0]!)).to.be.instanceOf(DatabaseUnavailable);
  });
});
