import { expect } from "chai";
import type { World } from "../kit/world.js";

export function settings(world: () => World): void {
  describe("settings", () => {
    it("are null until they are kept", async () => {
      expect(await world().store.setting("none")).to.equal(null);
    });

    it("keep the first candidate, whoever asks later", async () => {
      expect(await world().store.settingOnce("secret", "one")).to.equal("one");
      expect(await world().store.settingOnce("secret", "two")).to.equal("one");
      expect(await world().store.setting("secret")).to.equal("one");
    });

    it("give all who ask at once the same", async () => {
      const { store, other } = world().subject;
      const values = await Promise.all(
        Array.from({ length: 8 }, (_, n) => (n % 2 ? store : other).settingOnce("agreed", `candidate ${n}`)),
      );
      expect(new Set(values).size).to.equal(1);
    });

    it("can be replaced", async () => {
      await world().store.settingOnce("key", "old");
      await world().store.replaceSetting("key", "new");
      await world().store.replaceSetting("fresh", "first");
      expect(await world().store.settingOnce("key", "other")).to.equal("new");
      expect(await world().store.setting("fresh")).to.equal("first");
    });
  });

  describe("health", () => {
    it("names the database and says that its schema is current", async () => {
      const health = await world().store.health();
      expect(health.database).to.be.oneOf(["postgres", "sqlite"]);
      expect(health.version).to.match(/^\d+\.\d+/);
      expect(health.schema).to.equal("current");
    });
  });
}
