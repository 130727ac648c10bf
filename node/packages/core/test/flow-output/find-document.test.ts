import { expect } from "chai";
import fc from "fast-check";
import { findDocument } from "@maxq/core";

const stage = { stage: "s", steps: [{ name: "a" }, { name: "b" }] };
const short = JSON.stringify(stage);
/** Pretty-printed as a shell script might: every inner brace begins a line. */
const flat = '{\n"stage": "s",\n"steps": [\n{"name": "a"},\n{"name": "b"}\n]\n}\n';

const reasonOf = (text: string): string => findDocument(text).reason;

describe("a flow's output", () => {
  it("is a document when nothing else was printed", () => {
    for (const text of [short, flat, JSON.stringify(stage, null, 2), JSON.stringify(stage, null, "\t")])
      expect(findDocument(text)).to.deep.include({ reason: "document", value: stage });
  });

  it("may have log before the document, and white space around it", () => {
    for (const text of [
      `Fetching…\n${flat}`,
      `\n\n   ${short}\n\n \t`,
      flat.replaceAll("\n", "\r\n"),
      `{"level":"info"}\n${short}`,
    ])
      expect(findDocument(text)).to.deep.include({ reason: "document", value: stage });
  });

  it("holds the last document if it holds several", () => {
    expect(findDocument(`${short}\n{"final":true}\n`)).to.deep.include({
      reason: "document",
      value: { final: true },
    });
  });

  it("may have unfinished objects before the document", () => {
    for (const before of ["{", "{ starting", '{"a":[', "{'a': 1}", '{"a":"'])
      expect(findDocument(`${before}\n${short}`)).to.deep.include({ reason: "document", value: stage });
  });

  it("tells where the document begins", () => {
    expect(findDocument(`one\n  ${short}`)).to.deep.include({ start: 6 });
  });

  it("is a document, to be refused, where one was meant: its keys misspelt, or no stage named", () => {
    for (const text of [
      '{"steps":[{"name":"a"}]}',
      '{"steps":[]}',
      '{"Stage":"s","steps":[{"name":"a"}]}',
      '{"stages":"s","Steps":[{"name":"a","dependson":["b"]}],"failfast":false}',
      '{"stageName":"s","steps":[{"name":"a"}]}',
      '{"name":"s","steps":[{"nmae":"a"}]}',
      '{"fianl":true}',
      '{"Final":true,"output":{"a":1}}',
    ])
      expect(reasonOf(`log\n${text}\n`), text).to.equal("document");
  });

  it("is log where it ends with what is evidently something else", () => {
    for (const text of [
      '{"level":"info","msg":"planned","steps":[{"name":"a"}]}',
      '{"steps":[{"name":"a","status":"completed"}]}',
      '{"steps":["fetch","build"]}',
      '{"steps":12}',
      '{"items":[{"name":"a"}]}',
      '{"name":"f","path":"/flows/f","title":"F","steps":["a"],"problems":[]}',
      '{"id":"1","flowName":"f","status":"running","stages":[{"name":"s"}]}',
      '{"name":"s","output":1}',
      '{"state":"done"}',
      '{"fianl":"report"}',
      '{"data":[],"pagination":{"total":0}}',
    ])
      expect(reasonOf(`log\n${text}\n`), text).to.equal("none");
  });

  it("is log if it has no object at the start of a line", () => {
    for (const text of ["", "\n", "hello", `log: ${short}`, "}\n}", "[1] 1234", "[INFO] done"])
      expect(reasonOf(text)).to.equal("none");
  });

  it("is log if its objects are no documents, wherever they stand", () => {
    for (const text of [
      '{"level":"info"}',
      '{"level":"info"}\nDone',
      '{\n"a": [\n{"b": 1}\n]\n}\nDone',
      '[\n{"final": false, "name": "s"}\n]',
      "{}",
      '{"level":"info"}{"level":"warn"}',
      '{"level":"info"} {"stage":"s","message":"built"}',
      '{"level":"info"} {building the stage',
      '{"level":"info"} now: {"final":true}',
      '{"level":"info"} [{',
    ])
      expect(reasonOf(text)).to.equal("none");
  });
});

describe("a mistake in a flow's output", () => {
  /** Line and column of the refusal. */
  function placeOf(text: string): [unknown, unknown] {
    const found = findDocument(text);
    if (found.reason !== "invalid") throw new Error(`was ${found.reason}`);
    expect(found.problem.code).to.equal("INVALID_FLOW_OUTPUT");
    expect(found.problem.details?.excerpt).to.be.a("string");
    return [found.problem.details?.line, found.problem.details?.column];
  }

  it("is told with its place", () => {
    expect(placeOf(flat.replace('{"name": "b"}', '{"name": "b"},'))).to.deep.equal([6, 1]);
    expect(placeOf("log\n{'stage': 's'}")).to.deep.equal([2, 2]);
    expect(placeOf('{"stage": s}')).to.deep.equal([1, 11]);
    expect(placeOf('{"stage":"s","steps":[]')).to.deep.equal([1, 24]);
  });

  it("is not hidden by pieces of the document that are objects themselves", () => {
    expect(placeOf(flat.replace('{"name": "a"}', '{"name": a}'))[0]).to.equal(4);
    expect(placeOf(flat.slice(0, -2))[0]).to.be.greaterThan(5);
    expect(placeOf(`Scheduling ${flat}`)[0]).to.equal(6);
  });

  it("is text, an object or a list around the document", () => {
    expect(placeOf(`${short}\nDone\n`)).to.deep.equal([2, 1]);
    expect(placeOf(`${short} Done\n`)).to.deep.equal([1, short.length + 2]);
    expect(placeOf(`${short}\n{"level":"info"}\n`)).to.deep.equal([2, 1]);
    expect(placeOf(`{"final":true}\nbye`)).to.deep.equal([2, 1]);
    expect(placeOf(`[\n${short}\n]`)).to.deep.equal([1, 1]);
  });

  it("is a document on the line of what was printed without a line break", () => {
    for (const document of [
      short,
      flat,
      JSON.stringify(stage, null, 2),
      '{"final":true}',
      "{'stage': 's'}",
    ]) {
      expect(placeOf(`{"ok":true}${document}`)).to.deep.equal([1, 12]);
      expect(placeOf(`log\n{"ok":true} {"n":1}\t${document}\n`)).to.deep.equal([2, 21]);
      expect(placeOf(`[]${document}\n{"level":"info"}\n`)).to.deep.equal([1, 3]);
      expect(placeOf(`{\n"ok":true\n}${document.trimEnd().slice(0, -1)}`)).to.deep.equal([3, 2]);
    }
  });

  it("has an excerpt that is short", () => {
    const found = findDocument(`{"stage":"${"x".repeat(1_000_000)}", oops}`);
    expect(found.reason === "invalid" && String(found.problem.details?.excerpt).length).to.be.lessThan(130);
  });
});

describe("a large output", () => {
  const many = (line: string, count: number, end = ""): string => `${line.repeat(count)}${end}`;
  const large = {
    "a document": [
      JSON.stringify(
        { stage: "s", steps: Array.from({ length: 40_000 }, (_, n) => ({ id: `a${n}`, name: "x" })) },
        null,
        1,
      ),
      "document",
    ],
    "lines that open": [many("{\n", 1_000_000), "invalid"],
    "lines that open, and one that closes": [many("{\n", 1_000_000, "}"), "none"],
    "objects in objects": [many('{"a":\n', 400_000), "invalid"],
    "lists in lists": [many("[\n", 1_000_000), "none"],
    "lines of log": [many('{"level":"info"}\n', 120_000, "end"), "none"],
    "objects on one line": [many('{"a":[1]} ', 300_000), "none"],
    "objects on one line, and lines that open": [many('{}{"a":{"b":\n', 200_000), "none"],
    "one long string": [`{"stage":"${"x".repeat(2_000_000)}`, "invalid"],
    "one long number": [`{"stage":${"1".repeat(2_000_000)}x`, "invalid"],
    "deep nesting": [`{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}} x`, "none"],
  };
  for (const [what, [text, reason]] of Object.entries(large)) {
    it(`of ${what} is read once`, function () {
      this.timeout(60_000);
      expect(reasonOf(text!)).to.equal(reason);
    });
  }
});

describe("any document", () => {
  const document = fc.record({
    stage: fc.string({ unit: "binary" }),
    steps: fc.array(fc.jsonValue({ maxDepth: 3 })),
  });
  const line = fc.oneof(
    fc.string(),
    fc.constantFrom("{", "}", '{"a":1}', "{'x'}", '"', "[", "]", '{"stage":', '"a": {'),
  );
  const log = fc.array(line, { maxLength: 8 }).map((lines) => lines.map((text) => `${text}\n`).join(""));

  it("is found after any log, however it is printed", () => {
    fc.assert(
      fc.property(
        log,
        document,
        fc.constantFrom(0, 1, 4),
        fc.constantFrom("", "\n", "\r\n\n "),
        (before, value, indent, after) => {
          const found = findDocument(before + JSON.stringify(value, null, indent) + after);
          expect(found).to.deep.include({ reason: "document", value: JSON.parse(JSON.stringify(value)) });
          expect(found).to.have.property("start", before.length);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("is exactly what the last line that parses begins", () => {
    fc.assert(
      fc.property(log, (text) => {
        const starts = [...text.matchAll(/^/gm)].map((match) => match.index).reverse();
        const value = starts.map((start) => parsed(text.slice(start))).find((found) => found !== null);
        const found = findDocument(text);
        expect(found.reason === "document" ? found.value : null).to.deep.equal(value ?? null);
      }),
      { numRuns: 1000 },
    );
  });

  function parsed(text: string): unknown {
    try {
      const value: unknown = JSON.parse(text);
      return typeof value === "object" && value !== null && ("stage" in value || "final" in value)
        ? value
        : null;
    } catch {
      return null;
    }
  }
});
