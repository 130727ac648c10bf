import type { SettingName, Settings } from "./settings.js";

/** A rule between settings: `broken` answers what is wrong and what to do, null if nothing. */
export interface Rule {
  readonly meaning: string;
  readonly broken: (given: ReadonlySet<SettingName>, read: Partial<Settings>) => string | null;
}

/** `given` names the settings that were set, by a flag or a variable. */
export const rules: readonly Rule[] = [
  {
    meaning: "Of `MAXQ_DATABASE_URL` and `MAXQ_DATABASE_URL_FILE` only one may be set.",
    broken: (given) =>
      given.has("databaseUrl") && given.has("databaseUrlFile")
        ? "MAXQ_DATABASE_URL and MAXQ_DATABASE_URL_FILE are both set: unset one of them."
        : null,
  },
  {
    meaning: "Of `MAXQ_API_KEY` and `MAXQ_API_KEY_FILE` only one may be set.",
    broken: (given) =>
      given.has("apiKey") && given.has("apiKeyFile")
        ? "MAXQ_API_KEY and MAXQ_API_KEY_FILE are both set: unset one of them."
        : null,
  },
  {
    meaning: "`MAXQ_AUTH=none` excludes a key.",
    broken: (given, { auth }) =>
      auth === "none" && (given.has("apiKey") || given.has("apiKeyFile"))
        ? "MAXQ_AUTH=none opens the API to everybody, but a key is set as well: unset MAXQ_AUTH, or MAXQ_API_KEY and MAXQ_API_KEY_FILE."
        : null,
  },
];
