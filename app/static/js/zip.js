// One stored ZIP, written deterministically: `bid.json` first, then the files by name, times fixed, no compression (APPNOTE 6.3).
const MOST = 2 ** 31; // an envelope of 2 GB needs no ZIP64
const MOST_FILES = 1000;
const UTF8_NAMES = 0x800, VERSION = 20, DAY_ONE = 0x21, UNIX = 3, REGULAR_FILE = 0o100644;
const encoder = new TextEncoder();

/** Files that no envelope may hold; `code` and `facts` make the sentence. */
export class Unfit extends Error {
  constructor(code, facts = {}) { super(code); this.code = code; this.facts = facts; }
}

function admit(name) {
  const parts = name.split("/");
  const isFit = encoder.encode(name).length <= 200 && name && parts.every((part) => part && part !== "." && part !== ".." && part === part.replace(/^ +| +$/g, ""))
    && !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\\:*?"<>|]/u.test(name);
  if (!isFit) throw new Unfit("seal.name", { name });
}

/** `{name, bytes of the name, source: Blob}` in the order of the archive. */
export function entriesOf(bid, files) {
  const entries = files.map((file) => ({ name: file.name.normalize("NFC"), source: file }));
  const names = new Set(["bid.json"]);
  for (const { name } of entries) {
    admit(name);
    if (names.has(name.toLowerCase())) throw new Unfit("seal.twice", { name });
    names.add(name.toLowerCase());
  }
  if (entries.length > MOST_FILES) throw new Unfit("seal.too_large");
  entries.sort((a, b) => compare(a.name, b.name));
  return [{ name: "bid.json", source: new Blob([bid]) }, ...entries].map((entry) => ({ ...entry, label: encoder.encode(entry.name) }));
}

/** By code points, as other languages sort text. */
function compare(a, b) {
  const left = Array.from(a, (c) => c.codePointAt(0)), right = Array.from(b, (c) => c.codePointAt(0));
  for (let at = 0; at < Math.min(left.length, right.length); at += 1) if (left[at] !== right[at]) return left[at] - right[at];
  return left.length - right.length;
}

function fields(...pairs) {
  const bytes = new Uint8Array(pairs.reduce((sum, [width]) => sum + width, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [width, value] of pairs) {
    if (width === 1) view.setUint8(at, value); else if (width === 2) view.setUint16(at, value, true); else view.setUint32(at, value, true);
    at += width;
  }
  return bytes;
}

const common = (entry, crc) => [
  [2, VERSION], [2, /[^\x00-\x7f]/.test(entry.name) ? UTF8_NAMES : 0], [2, 0], [2, 0], [2, DAY_ONE],
  [4, crc], [4, entry.source.size], [4, entry.source.size], [2, entry.label.length], [2, 0],
];
const local = (entry, crc) => [fields([4, 0x04034b50], ...common(entry, crc)), entry.label];
const central = (entry, crc, offset) => [
  fields([4, 0x02014b50], [1, VERSION], [1, UNIX], ...common(entry, crc), [2, 0], [2, 0], [2, 0], [4, REGULAR_FILE * 65536], [4, offset]), entry.label,
];

/** A file's bytes, piece by piece; older browsers cannot iterate a stream. */
export async function* pieces(blob) {
  const reader = blob.stream().getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

/** The archive as a stream with its exact size; `sums` are the CRC-32 of the entries. */
export function archive(entries, sums) {
  const heads = entries.map((entry, index) => local(entry, sums[index]));
  const offsets = [];
  let at = 0;
  entries.forEach((entry, index) => { offsets.push(at); at += heads[index][0].length + entry.label.length + entry.source.size; });
  const directory = entries.flatMap((entry, index) => central(entry, sums[index], offsets[index]));
  const length = directory.reduce((sum, part) => sum + part.length, 0);
  const end = fields([4, 0x06054b50], [2, 0], [2, 0], [2, entries.length], [2, entries.length], [4, length], [4, at], [2, 0]);
  const size = at + length + end.length;
  if (size > MOST) throw new Unfit("seal.too_large");

  async function* parts() {
    for (let index = 0; index < entries.length; index += 1) {
      yield* heads[index];
      yield* pieces(entries[index].source);
    }
    yield* directory;
    yield end;
  }
  const source = parts();
  const stream = new ReadableStream({
    async pull(controller) {
      const { done, value } = await source.next();
      if (done) controller.close(); else controller.enqueue(value);
    },
    cancel: () => source.return(),
  });
  return { stream, size };
}
