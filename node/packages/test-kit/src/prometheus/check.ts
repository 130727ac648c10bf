import { checkHistogram } from "./histogram.js";
import { parseScrape, type Family } from "./parse.js";

/** Words for units that are not the base one; see Prometheus' own page of them. */
const abbreviations = new Set(
  "s ms us ns sec b kb mb gb tb pb m h d msec usec nsec mins hours days minutes".split(" "),
);
const baseUnits = "amperes bytes celsius grams joules kelvin kelvins meters metres seconds volts".split(" ");
const prefixes =
  "pico nano micro milli centi deci deca hecto kilo kibi mega mibi mebi giga gibi tera tebi peta pebi".split(
    " ",
  );
const prefixed = new Set(prefixes.flatMap((prefix) => baseUnits.map((unit) => prefix + unit)));
const typeNames = new Set(["counter", "gauge", "histogram", "summary", "untyped"]);

/**
 * What `promtool check metrics` finds in a scrape, and what makes one no use: names, units, HELP and TYPE, the same series twice, histograms whose numbers
 * contradict each other. One sentence for each finding; none: all is well.
 */
export function checkScrape(text: string): string[] {
  const { families, faults } = parseScrape(text);
  return [...faults, ...[...families.values()].flatMap(checkFamily)];
}

function checkFamily(family: Family): string[] {
  const found = [
    ...checkDeclared(family),
    ...checkName(family),
    ...checkSuffix(family),
    ...checkLabels(family),
    ...checkSeries(family),
    ...(family.type === "histogram" ? checkHistogram(family) : []),
  ];
  return found.map((what) => `${family.name}: ${what}`);
}

function checkDeclared({ help, type }: Family): string[] {
  return [
    ...(help === null || help.trim() === "" ? ["no HELP text"] : []),
    ...(type === null ? ["no TYPE line"] : []),
  ];
}

function checkName({ name }: Family): string[] {
  const words = name.split("_");
  return [
    ...(name.includes(":") ? ["a colon is for rules, not for what is scraped"] : []),
    ...(/[a-z][A-Z]/.test(name) ? ["should be in snake_case"] : []),
    ...words.filter((word) => abbreviations.has(word)).map((word) => `"${word}" should not be abbreviated`),
    ...words.filter((word) => prefixed.has(word)).map((word) => `"${word}" is no base unit`),
    ...words.filter((word) => typeNames.has(word)).map((word) => `the name holds its type, "${word}"`),
  ];
}

function checkSuffix({ name, type }: Family): string[] {
  if (type === "counter") return name.endsWith("_total") ? [] : ["a counter should end in _total"];
  const found = name.endsWith("_total") ? ["only counters end in _total"] : [];
  if (type === "histogram" || type === "summary") return found;
  return /_(bucket|count|sum)$/.test(name) ? [...found, "its ending is that of a histogram's part"] : found;
}

function checkLabels({ type, samples }: Family): string[] {
  const names = new Set(samples.flatMap(({ labels }) => Object.keys(labels)));
  return [...names].flatMap((name) => [
    ...(/[a-z][A-Z]/.test(name) ? [`label ${name} should be in snake_case`] : []),
    ...(name.startsWith("__") ? [`label ${name} is reserved`] : []),
    ...(name === "le" && type !== "histogram" ? ["label le is that of histograms"] : []),
    ...(name === "quantile" && type !== "summary" ? ["label quantile is that of summaries"] : []),
  ]);
}

function checkSeries({ type, samples }: Family): string[] {
  const seen = new Set<string>();
  const found: string[] = [];
  for (const { name, labels, value } of samples) {
    const series = `${name}{${Object.entries(labels)
      .map(([key, text]) => `${key}="${text}"`)
      .sort()
      .join(",")}}`;
    if (seen.has(series)) found.push(`${series} is there twice`);
    seen.add(series);
    if (type === "counter" && !(value >= 0)) found.push(`${series} is ${value}`);
  }
  return found;
}
