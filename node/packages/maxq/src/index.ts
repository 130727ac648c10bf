export { main } from "./command/main.js";
export { readSettings, type ReadSettings } from "./settings/read.js";
export { renderSettings } from "./settings/render.js";
export {
  rules,
  settings,
  type Rule,
  type Setting,
  type SettingName,
  type Settings,
} from "./settings/settings.js";
