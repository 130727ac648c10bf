import type { Driver } from "../driver.js";
import type { Store } from "../store/store.js";

/** Values kept by name. */
export function createSettingVerbs(
  driver: Driver,
): Pick<Store, "setting" | "settingOnce" | "replaceSetting"> {
  async function setting(name: string): Promise<string | null> {
    const [row] = await driver.all<{ value: string }>("setting.get", { name: name });
    return row?.value ?? null;
  }
  return {
    setting,
    settingOnce: async (name, candidate) => {
      await driver.run("setting.insert_once", { name: name, value: candidate });
      return (await setting(name)) ?? candidate;
    },
    replaceSetting: async (name, value) => {
      await driver.run("setting.replace", { name: name, value: value });
    },
  };
}
