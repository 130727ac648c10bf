import { checkScrape } from "@maxq/test-kit";
import { expect } from "chai";

/** A scrape of one metric, well-formed but for what a test changes. */
function scrapeOf(name: string, type: string, samples: readonly string[], help = "What it is."): string {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samples, ""].join("\n");
}

const histogram = (buckets: string, count = 3): string =>
  scrapeOf("x_seconds", "histogram", [
    ...buckets
      .split(" ")
      .map((bucket) => `x_seconds_bucket{le="${bucket.split("=")[0]}"} ${bucket.split("=")[1]}`),
    "x_seconds_sum 1.5",
    `x_seconds_count ${count}`,
  ]);

const faults: Readonly<Record<string, readonly [scrape: string, found: RegExp]>> = {
  "a metric without help": [scrapeOf("x_bytes", "gauge", ["x_bytes 1"], ""), /no HELP text/],
  "a metric without a type": ["# HELP x_bytes What.\nx_bytes 1\n", /no TYPE line/],
  "a type that does not exist": [scrapeOf("x", "number", ["x 1"]), /there is no type number/],
  "a counter without _total": [scrapeOf("x", "counter", ["x 1"]), /should end in _total/],
  "a gauge with _total": [scrapeOf("x_total", "gauge", ["x_total 1"]), /only counters end in _total/],
  "a gauge with _count": [scrapeOf("x_count", "gauge", ["x_count 1"]), /that of a histogram's part/],
  "a unit that is no base unit": [scrapeOf("x_milliseconds", "gauge", ["x_milliseconds 1"]), /no base unit/],
  "an abbreviated unit": [scrapeOf("x_ms", "gauge", ["x_ms 1"]), /should not be abbreviated/],
  "a name with its type": [scrapeOf("x_gauge", "gauge", ["x_gauge 1"]), /holds its type/],
  "a name in camel case": [scrapeOf("queueLength", "gauge", ["queueLength 1"]), /snake_case/],
  "a label in camel case": [scrapeOf("x", "gauge", ['x{runState="a"} 1']), /label runState/],
  "a colon": [scrapeOf("x:y", "gauge", ["x:y 1"]), /colon/],
  "the label of histograms": [scrapeOf("x", "gauge", ['x{le="1"} 1']), /label le/],
  "a series that is there twice": [scrapeOf("x", "gauge", ['x{a="1",b="2"} 1', 'x{b="2",a="1"} 1']), /twice/],
  "a counter below zero": [scrapeOf("x_total", "counter", ["x_total -1"]), /is -1/],
  "a second TYPE line": [scrapeOf("x", "gauge", ["# TYPE x gauge", "x 1"]), /a second TYPE line/],
  "a family in two parts": [
    `${scrapeOf("x", "gauge", ["x 1"])}${scrapeOf("y", "gauge", ["y 1"])}x{a="b"} 1\n`,
    /not together/,
  ],
  "a line that is none": [scrapeOf("x", "gauge", ["x one"]), /not in the format/],
  "no line feed at the end": ["# HELP x What.\n# TYPE x gauge\nx 1", /no line feed/],
  "buckets that shrink": [histogram("1=2 2=1 +Inf=3"), /holds less than a smaller one/],
  "bounds out of order": [histogram("2=1 1=2 +Inf=3"), /do not ascend/],
  "a histogram without +Inf": [histogram("1=1 2=3"), /\+Inf is not the count/],
  "a count that is not that of +Inf": [histogram("1=1 +Inf=3", 4), /\+Inf is not the count/],
};

describe("the check of a scrape", () => {
  it("finds nothing in one that is well-formed", () => {
    const scrape = `${histogram("0.5=1 1=2 +Inf=3")}${scrapeOf("y_total", "counter", ['y_total{a="\\"q\\", {x} \\\\"} 1e+3'])}`;
    expect(checkScrape(scrape)).to.deep.equal([]);
  });

  for (const [what, [scrape, found]] of Object.entries(faults)) {
    it(`finds ${what}`, () => {
      expect(checkScrape(scrape).join("\n")).to.match(found);
    });
  }
});
