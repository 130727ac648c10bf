import type { Family, Sample } from "./parse.js";

/** Whether each series of a histogram has buckets that only grow, up to +Inf, which is the count, and a sum. */
export function checkHistogram({ name, samples }: Family): string[] {
  return [...bySeries(samples)].flatMap(([series, parts]) =>
    checkParts(name, parts).map((what) => (series === "" ? what : `${series}: ${what}`)),
  );
}

function checkParts(name: string, parts: readonly Sample[]): string[] {
  const buckets = parts.filter((part) => part.name === `${name}_bucket`);
  const count = parts.find((part) => part.name === `${name}_count`)?.value;
  const sum = parts.find((part) => part.name === `${name}_sum`)?.value;
  const bounds = buckets.map(({ labels }) => (labels.le === "+Inf" ? Infinity : Number(labels.le)));
  const grow = (values: readonly number[]): boolean =>
    values.every((value, i) => i === 0 || value >= values[i - 1]!);
  return [
    ...(count === undefined ? ["no count"] : []),
    ...(sum === undefined || Number.isNaN(sum) ? ["no sum"] : []),
    ...(bounds.some(Number.isNaN) ? ["a bucket without its bound"] : []),
    ...(grow(bounds) && new Set(bounds).size === bounds.length ? [] : ["its bounds do not ascend"]),
    ...(grow(buckets.map(({ value }) => value)) ? [] : ["a bucket holds less than a smaller one"]),
    ...(bounds.at(-1) === Infinity && buckets.at(-1)?.value === count
      ? []
      : ["the bucket +Inf is not the count"]),
  ];
}

/** What has the same labels, the bound aside. */
function bySeries(samples: readonly Sample[]): Map<string, Sample[]> {
  const series = new Map<string, Sample[]>();
  for (const sample of samples) {
    const key = Object.entries(sample.labels)
      .filter(([name]) => name !== "le")
      .map(([name, value]) => `${name}=${value}`)
      .sort()
      .join(" ");
    const found = series.get(key);
    if (found === undefined) series.set(key, [sample]);
    else found.push(sample);
  }
  return series;
}
