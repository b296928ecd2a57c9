import { strToU8, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { readZip } from "../../../lib/exercise/store-classroom/zip.js";

/** Archives are made by fflate, which knows nothing of our reader; then bytes are changed as APPNOTE 6.3 says where they are. */
function archive(files: Parameters<typeof zipSync>[0]): Buffer {
  return Buffer.from(zipSync(files, { mtime: "2026-01-01" }));
}

const central = Buffer.from([0x50, 0x4b, 0x01, 0x02]);

/** Changes the first entry of the central directory. */
function changed(bytes: Buffer, change: (entry: Buffer) => void): Buffer {
  const copy = Buffer.from(bytes);
  change(copy.subarray(copy.indexOf(central)));
  return copy;
}

function list(bytes: Buffer, entriesMax = 100) {
  const read = readZip(bytes, entriesMax);
  if (!read.ok) throw new Error(`${read.what}: ${read.why}`);
  return read;
}

function contentOf(bytes: Buffer): string {
  const content = list(bytes).entries[0]?.read();
  if (content === undefined) throw new Error("nothing in it");
  return content.ok ? Buffer.from(content.bytes).toString() : `${content.what}: ${content.why}`;
}

const text = "producer:\n  acks: all\n".repeat(50);

describe("a zip archive", () => {
  it("packed or stored, with folders, an empty file and names beyond ASCII", () => {
    const bytes = archive({
      folder: { "answer.yaml": strToU8(text) },
      "stored.yaml": [strToU8(text), { level: 0 }],
      "leer/ö.yaml": strToU8(""),
    });
    const { entries, notes } = list(bytes);
    expect(notes).toEqual([]);
    expect(
      entries.map(({ path, read }) => {
        const content = read();
        return [path, content.ok && Buffer.from(content.bytes).toString()];
      }),
    ).toEqual([
      ["folder/answer.yaml", text],
      ["stored.yaml", text],
      ["leer/ö.yaml", ""],
    ]);
  });

  it("with a comment behind its end", () => {
    expect(contentOf(Buffer.from(zipSync({ a: [strToU8(text), { comment: "x" }] }, { comment: "the end" })))).toBe(
      text,
    );
  });

  it.each(["../../etc/passwd", "a/../../b", "/etc/passwd", "C:\\x", "..\\x", "\\\\server\\x", "a\0b"])(
    "%j leads out of it and is passed over, with a word",
    (name) => {
      const { entries, notes } = list(archive({ [name]: strToU8("x"), "ok.yaml": strToU8("y") }));
      expect(entries.map(({ path }) => path)).toEqual(["ok.yaml"]);
      expect(notes).toEqual([expect.stringContaining("leads out of the archive")]);
    },
  );

  it("a link in it is passed over, with a word", () => {
    const bytes = archive({ "answer.yaml": [strToU8("/etc/passwd"), { os: 3, attrs: 0o120777 << 16 }] });
    expect(list(bytes)).toMatchObject({ entries: [], notes: [expect.stringContaining("is a link")] });
  });

  it("a name that is there twice counts once, with a word", () => {
    const bytes = archive({ "a.yaml": strToU8("1"), "b.yaml": strToU8("2") });
    const twice = Buffer.from(bytes.toString("latin1").replaceAll("b.yaml", "a.yaml"), "latin1");
    expect(contentOf(twice)).toBe("1");
    expect(list(twice).notes).toEqual([expect.stringContaining("twice")]);
  });

  it("__proto__ is a name like any other", () => {
    const names = list(archive(Object.fromEntries([["__proto__/x.yaml", strToU8("1")]]))).entries;
    expect(names.map(({ path }) => path)).toEqual(["__proto__/x.yaml"]);
    expect(Object.prototype).not.toHaveProperty("x.yaml");
  });
});

describe("an archive that lies", () => {
  const bytes = archive({ "a.yaml": strToU8(text) });

  it("a bomb that claims to be small is cut where it claims to end", () => {
    const bomb = archive({ "a.yaml": [new Uint8Array(20 * 1024 * 1024), { level: 9 }] });
    const small = changed(bomb, (entry) => entry.writeUInt32LE(1000, 24));
    const before = process.memoryUsage().arrayBuffers;
    expect(contentOf(small)).toMatch(/longer than the 1000 bytes/);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1024 * 1024);
  });

  it.each<[string, (entry: Buffer) => void, RegExp]>([
    ["a size that is too large", (entry) => entry.writeUInt32LE(text.length + 1, 24), /claims \d+ bytes and has/],
    ["another check sum", (entry) => entry.writeUInt32LE(1, 16), /check sum/],
    ["an encrypted file", (entry) => entry.writeUInt16LE(1, 8), /encrypted/],
    ["an unusual method", (entry) => entry.writeUInt16LE(14, 10), /method 14/],
    ["a place where nothing begins", (entry) => entry.writeUInt32LE(3, 42), /damaged/],
    ["a place behind the end", (entry) => entry.writeUInt32LE(0x7fffffff, 42), /damaged/],
    ["more packed bytes than there are", (entry) => entry.writeUInt32LE(0x7fffffff, 20), /behind its end/],
  ])("%s", (_name, change, why) => {
    expect(contentOf(changed(bytes, change))).toMatch(why);
  });

  it.each<[string, Buffer, RegExp]>([
    ["nothing", Buffer.alloc(0), /no zip archive/],
    ["another file", Buffer.from("PK, but not really".repeat(10)), /no zip archive/],
    ["half an archive", bytes.subarray(0, bytes.length / 2), /no zip archive/],
    ["a list that is not where it should be", withDirectoryAt(bytes, 7), /damaged/],
    ["a list behind the end", withDirectoryAt(bytes, 0x7fffffff), /damaged/],
    ["a name that goes on behind the end", changed(bytes, (entry) => entry.writeUInt16LE(0xffff, 28)), /damaged/],
    ["zip64", withCount(bytes, 0xffff), /zip64/],
  ])("%s is refused", (_name, broken, why) => {
    const read = readZip(broken, 100);
    expect(read.ok ? "read" : `${read.what}: ${read.why}`).toMatch(why);
  });

  it("a thousand files too many", () => {
    const many = archive(Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`${at}`, new Uint8Array(0)])));
    expect(readZip(many, 999)).toMatchObject({ ok: false, what: "there are 1000 files in it" });
    expect(list(many, 1000).entries).toHaveLength(1000);
  });
});

function withDirectoryAt(bytes: Buffer, offset: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt32LE(offset, copy.length - 22 + 16);
  return copy;
}

function withCount(bytes: Buffer, count: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt16LE(count, copy.length - 22 + 10);
  return copy;
}
