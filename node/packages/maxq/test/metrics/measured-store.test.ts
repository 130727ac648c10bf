import type { Store } from "@maxq/db";
import { expect } from "chai";
import { measuredStore } from "../../src/metrics/measured-store.js";
import { createMeters } from "../../src/metrics/meters.js";

describe("the measured Store", () => {
  it("counts errors from 0 on, so that the first one is an increase", async () => {
    const meters = createMeters();
    const store = measuredStore(
      { getRun: () => Promise.reject(new Error("a fault")) } as unknown as Store,
      meters,
    );
    const faults = async (): Promise<string[]> =>
      (await meters.registry.getSingleMetricAsString("maxq_database_errors_total"))
        .split("\n")
        .filter((line) => line.includes('reason="fault"'));
    expect(await faults()).to.have.length(11);
    expect(await faults()).to.contain('maxq_database_errors_total{kind="read",reason="fault"} 0');
    await store.getRun("r").catch(() => undefined);
    expect(await faults()).to.contain('maxq_database_errors_total{kind="read",reason="fault"} 1');
  });
});
