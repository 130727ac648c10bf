export { main } from "./command/main.js";
export { readSettings, type ReadSettings } from "./settings/read.js";
export { renderSettings } from "./settings/render.js";
export type { Setting } from "./settings/setting.js";
export { rules, type Rule } from "./settings/rules.js";
export { settings, type SettingName, type Settings } from "./settings/settings.js";
