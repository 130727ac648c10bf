import { limitSettings, type Limits } from "@maxq/core";
import type { Settings } from "../settings/settings.js";

/** The limits among the settings. */
export function limitsOf(settings: Settings): Limits {
  const names = Object.keys(limitSettings) as (keyof Limits)[];
  return Object.fromEntries(names.map((name) => [name, settings[name]])) as unknown as Limits;
}
