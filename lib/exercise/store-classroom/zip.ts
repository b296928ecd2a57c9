import { crc32, inflateRawSync } from "node:zlib";

/** A file in an archive; nothing of it is unpacked before it is asked for. */
export interface ZipEntry {
  /** Its path, `/` between folders; it stays inside the archive's own folder. */
  readonly path: string;
  /** Bytes once unpacked, as the archive claims; `read` holds it to that. */
  readonly size: number;
  read(): ZipContent;
}

export type ZipContent =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly what: string; readonly why: string };

export type ZipResult =
  | { readonly ok: true; readonly entries: readonly ZipEntry[]; readonly notes: readonly string[] }
  | { readonly ok: false; readonly what: string; readonly why: string };

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;
const endLength = 22;
const entryLength = 46;
const localLength = 30;
/** A comment behind the end record is at most so long. */
const commentMax = 0xffff;

class Damaged extends Error {}

/**
 * Lists a zip archive by its central directory (APPNOTE 6.3, sections 4.3.12 and 4.3.16). Written for archives that anybody may
 * have made: each place is checked before it is read, names that lead out of the folder and links are passed over, sizes and
 * check sums are held against what is unpacked. Archives over 4 GB (zip64), parted and encrypted ones are not read.
 */
export function readZip(bytes: Buffer, entriesMax: number): ZipResult {
  const refuse = (what: string, why: string): ZipResult => ({ ok: false, what, why });
  const end = endRecord(bytes);
  if (end === null) return refuse("it is no zip archive", "its end is not that of one, or it was cut off");
  const count = bytes.readUInt16LE(end + 10);
  if (bytes.readUInt16LE(end + 4) !== 0 || count === 0xffff)
    return refuse("it is a parted or zip64 archive", "only plain ones are read");
  if (count > entriesMax) return refuse(`there are ${count} files in it`, `more than ${entriesMax} are not read`);
  const entries: ZipEntry[] = [];
  const notes: string[] = [];
  const paths = new Set<string>();
  try {
    let at = bytes.readUInt32LE(end + 16);
    for (let index = 0; index < count; index++) {
      const { next, name, isLink, entry } = centralEntry(bytes, at);
      at = next;
      if (name.endsWith("/")) continue;
      const path = pathInside(name);
      const shown = JSON.stringify(name);
      if (path === null) notes.push(`${shown} leads out of the archive and was passed over`);
      else if (isLink) notes.push(`${shown} is a link and was not followed`);
      else if (paths.has(path)) notes.push(`${shown} is in the archive twice; the first one was read`);
      else {
        paths.add(path);
        entries.push({ path, ...entry });
      }
    }
  } catch (error) {
    if (error instanceof Damaged || error instanceof RangeError)
      return refuse("its list of files is damaged", "it points to places that are not there");
    throw error;
  }
  return { ok: true, entries, notes };
}

function endRecord(bytes: Buffer): number | null {
  const from = Math.max(0, bytes.length - endLength - commentMax);
  for (let at = bytes.length - endLength; at >= from; at--)
    if (bytes.readUInt32LE(at) === endSignature && at + endLength + bytes.readUInt16LE(at + 20) <= bytes.length)
      return at;
  return null;
}

function centralEntry(bytes: Buffer, at: number) {
  if (bytes.readUInt32LE(at) !== entrySignature) throw new Damaged();
  const flags = bytes.readUInt16LE(at + 8);
  const method = bytes.readUInt16LE(at + 10);
  const crc = bytes.readUInt32LE(at + 16);
  const packed = bytes.readUInt32LE(at + 20);
  const size = bytes.readUInt32LE(at + 24);
  const nameEnd = at + entryLength + bytes.readUInt16LE(at + 28);
  const next = nameEnd + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  const madeBy = bytes[at + 5];
  const unixMode = bytes.readUInt32LE(at + 38) >>> 16;
  const local = bytes.readUInt32LE(at + 42);
  if (next > bytes.length) throw new Damaged();
  // Bit 11 says UTF-8. Older tools leave it unset and mostly mean it all the same.
  const name = bytes.toString("utf8", at + entryLength, nameEnd);
  const isUnix = madeBy === 3 || madeBy === 19;
  const isLink = isUnix && (unixMode & 0o170000) === 0o120000;
  const read = (): ZipContent => unpack(bytes, { flags, method, crc, packed, size, local });
  return { next, name, isLink, entry: { size, read } };
}

interface Packed {
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly local: number;
}

function unpack(bytes: Buffer, { flags, method, crc, packed, size, local }: Packed): ZipContent {
  const refuse = (what: string, why: string): ZipContent => ({ ok: false, what, why });
  if ((flags & 1) !== 0) return refuse("it is encrypted", "there is no password for it");
  if (local + localLength > bytes.length || bytes.readUInt32LE(local) !== localSignature)
    return refuse("the archive is damaged", "it points to a place where no file begins");
  const start = local + localLength + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
  if (start + packed > bytes.length) return refuse("the archive is damaged", "the file goes on behind its end");
  const content = bytes.subarray(start, start + packed);
  const isStored = method === 0;
  if (!isStored && method !== 8)
    return refuse("it is packed in an unusual way", `method ${method}, not store or deflate`);
  let unpacked: Uint8Array;
  try {
    // zlib stops at the first byte too many: a small file cannot grow without end.
    unpacked = isStored ? content : inflateRawSync(content, { maxOutputLength: Math.max(1, size) });
  } catch {
    return refuse("it cannot be unpacked", `it is damaged, or longer than the ${size} bytes that the archive claims`);
  }
  if (unpacked.length !== size)
    return refuse("the archive is damaged", `it claims ${size} bytes and has ${unpacked.length}`);
  if (crc32(unpacked) !== crc) return refuse("the archive is damaged", "the check sum of the file is another");
  return { ok: true, bytes: unpacked };
}

/** The path inside the folder; null where it is absolute, climbs, or is meant for another system's disks. */
function pathInside(name: string): string | null {
  const path = name.replaceAll("\\", "/");
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path) || path.includes("\0")) return null;
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  return parts.length === 0 || parts.includes("..") ? null : parts.join("/");
}
