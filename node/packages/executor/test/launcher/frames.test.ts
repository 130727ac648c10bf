import { expect } from "chai";
import fc from "fast-check";
import { FrameReader } from "../../src/launcher/frame-reader.js";
import { FrameWriter } from "../../src/launcher/frame-writer.js";
import { Requests } from "../../src/launcher/requests.js";

describe("frames", () => {
  it("come out as they went in, however the bytes are cut", () => {
    const frame = fc.tuple(fc.integer({ min: 1, max: 255 }), fc.string({ unit: "binary", maxLength: 50 }));
    fc.assert(
      fc.property(fc.array(frame), fc.integer({ min: 1, max: 40 }), (frames, cut) => {
        const writer = new FrameWriter();
        const sent = frames.map(([type, text]) => [type, Buffer.from(text).toString()] as const);
        for (const [type, text] of sent) writer.begin(type).u32(text.length).text(text).end();
        const got: (readonly [number, string])[] = [];
        const reader = new FrameReader((type, body) => got.push([type, body.toString("utf8", 4)]));
        const bytes = writer.take();
        for (let at = 0; at < bytes.length; at += cut) reader.push(bytes.subarray(at, at + cut));
        expect(got).to.deep.equal(sent);
      }),
    );
  });

  it("take no number that would come out as another one", () => {
    for (const number of [2 ** 32, -1]) {
      const writer = new FrameWriter().begin(7);
      expect(() => writer.u32(number), String(number)).to.throw(RangeError);
    }
  });

  it("of a start carry each generation of those that wait", () => {
    const request = {
      path: "",
      cwd: "",
      outputPath: "",
      attemptKey: "",
      env: "",
      stdoutCap: 1,
      stderrCap: 1,
    };
    for (const generation of [0, 1, 0x7fff, 0x8000, 0xffff]) {
      const got: Buffer[] = [];
      const reader = new FrameReader((_type, body) => got.push(Buffer.from(body)));
      const requests = new Requests((frames) => reader.push(frames));
      requests.start(1, { ...request, bound: 70_000 }, "", generation);
      requests.resume();
      expect(got[0]?.readUInt32LE(12)).to.equal(generation * 2 ** 16 + 0xffff);
    }
  });

  it("may be large", () => {
    const writer = new FrameWriter();
    writer.begin(7).bytes(Buffer.alloc(3_000_000, "x")).end();
    const bytes = writer.take();
    let length = 0;
    const reader = new FrameReader((_type, body) => (length = body.length));
    for (let at = 0; at < bytes.length; at += 65_536) reader.push(bytes.subarray(at, at + 65_536));
    expect(length).to.equal(3_000_000);
  });
});
