import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { BenchCase } from "../case.js";

const folder = new URL("../cases/", import.meta.url);

/** All cases of `bench/cases`, by their order on the page. */
export async function allCases(): Promise<BenchCase[]> {
  const files = readdirSync(fileURLToPath(folder)).filter((file) => file.endsWith(".ts"));
  const cases: BenchCase[] = [];
  for (const file of files) {
    const { default: benchCase } = (await import(new URL(file, folder).href)) as { default: BenchCase };
    if (`${benchCase.name}.ts` !== file)
      throw new Error(`bench/cases/${file} calls its case ${benchCase.name}`);
    cases.push(benchCase);
  }
  const orders = cases.map(({ order }) => order);
  const twice = orders.find((order, index) => orders.indexOf(order) !== index);
  if (twice !== undefined)
    throw new Error(`Two cases of bench/cases have the order ${twice}: give one another letter`);
  return cases.sort((a, b) => a.order.localeCompare(b.order));
}
