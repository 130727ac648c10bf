import { aFolder, forEachDatabase } from "@maxq/test-kit";
import { System, type SystemSettings } from "./system.js";

/** Defines a suite once for each database. Its tests share one server, started before them and stopped before the database goes. */
export function onEachDatabase(
  title: string,
  settings: SystemSettings,
  tests: (system: System) => void,
): void {
  forEachDatabase((_, database) => {
    describe(title, function () {
      this.timeout(180_000);
      const system = new System(settings, aFolder("system"));
      before(() => system.start(database.environment));
      after(() => system.stop());
      afterEach(function () {
        if (this.currentTest?.state === "failed") console.error(system.lastWords());
      });
      tests(system);
    });
  });
}
