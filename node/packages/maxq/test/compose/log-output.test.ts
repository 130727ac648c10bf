import { expect } from "chai";
import { LogOutput } from "../../src/compose/log-output.js";
import { createLogger } from "../../src/compose/logger.js";

/** A disk with room for so many bytes. It takes what fits of a write, and refuses the next one, as file systems do. */
class Disk {
  text = "";

  constructor(public room: number) {}

  readonly write = (bytes: Uint8Array): number => {
    if (this.room === 0) throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
    const taken = bytes.subarray(0, this.room);
    this.room -= taken.length;
    this.text += Buffer.from(taken).toString("latin1");
    return taken.length;
  };
}

describe("where the log goes", () => {
  it("drops lines while they cannot be written, and says how many once they can be again", () => {
    const disk = new Disk(6);
    const output = new LogOutput(disk.write);
    for (const line of ["first\n", "lost\n", "lost, too\n"]) output.write(line);
    disk.room = 1_000;
    for (const line of ["back\n", "goes on\n"]) output.write(line);
    const [first, note = "", ...rest] = disk.text.trimEnd().split("\n");
    expect([first, ...rest]).to.deep.equal(["first", "back", "goes on"]);
    expect(JSON.parse(note))
      .to.deep.include({ level: "warn", dropped: 2 })
      .and.to.include.keys("time", "msg");
  });

  it("ends a line of which the disk took a part, and writes nothing twice", () => {
    const disk = new Disk(3);
    const output = new LogOutput(disk.write);
    for (const line of ["begun\n", "lost\n"]) output.write(line);
    expect(disk.text).to.equal("beg");
    disk.room = 5;
    output.write("lost\n");
    disk.room = 1_000;
    output.write("back\n");
    const lines = disk.text.trimEnd().split("\n");
    expect([lines.at(0), lines.at(-1)]).to.deep.equal(["begun", "back"]);
    const dropped = lines.slice(1, -1).map((note) => (JSON.parse(note) as { dropped: number }).dropped);
    expect(dropped).to.deep.equal([1, 1]);
  });

  it("waits for a reader that is slow, and loses nothing", () => {
    let refusals = 2;
    let text = "";
    const output = new LogOutput((bytes) => {
      if (refusals-- > 0) throw Object.assign(new Error("try again"), { code: "EAGAIN" });
      text += Buffer.from(bytes).toString();
      return bytes.length;
    });
    output.write("a line\n");
    expect(text).to.equal("a line\n");
  });

  it("waits no longer for a reader that does not read at all, and goes on once it reads again", () => {
    let reads = false;
    let text = "";
    const output = new LogOutput((bytes) => {
      if (!reads) throw Object.assign(new Error("try again"), { code: "EAGAIN" });
      text += Buffer.from(bytes).toString();
      return bytes.length;
    });
    for (let line = 0; line < 1_000; line += 1) output.write("lost\n");
    reads = true;
    output.write("back\n");
    const [note = "", back] = text.split("\n");
    expect(back).to.equal("back");
    expect((JSON.parse(note) as { dropped: number }).dropped).to.equal(1_000);
  });

  it("never throws at who logs", () => {
    const logger = createLogger("debug", new LogOutput(new Disk(0).write));
    expect(() => logger.fatal({ err: new Error("the end") }, "A fault")).not.to.throw();
  });
});
