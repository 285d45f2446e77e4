// Reads an envelope's plaintext as it streams by: the stored ZIP of zip.js and of the offline sealer. Each file becomes a blob, which the browser may keep on disk.
const LOCAL = 0x04034b50, CENTRAL = 0x02014b50, END = 0x06054b50, HEAD = 30;
const PIECE = 4 * 1024 * 1024; // what is gathered in memory before it is handed to the browser

/** The plaintext is no envelope of ours. */
export class NoEnvelope extends Error {
  constructor() { super("own.form"); this.code = "own.form"; }
}

class Source {
  constructor(stream) { this.reader = stream.getReader(); this.held = new Uint8Array(0); }

  /** At most `most` bytes, at least one; null at the end. */
  async some(most) {
    while (!this.held.length) {
      const { done, value } = await this.reader.read();
      if (done) return null;
      this.held = value;
    }
    const taken = this.held.subarray(0, most);
    this.held = this.held.subarray(taken.length);
    return taken;
  }

  async exactly(count) {
    const whole = new Uint8Array(count);
    for (let at = 0; at < count;) {
      const taken = await this.some(count - at);
      if (!taken) throw new NoEnvelope();
      whole.set(taken, at);
      at += taken.length;
    }
    return whole;
  }

  async blob(count) {
    let blobs = [], parts = [], gathered = 0;
    for (let left = count; left > 0;) {
      const taken = await this.some(left);
      if (!taken) throw new NoEnvelope();
      parts.push(taken.slice());
      gathered += taken.length;
      left -= taken.length;
      if (gathered >= PIECE) { blobs.push(new Blob(parts)); parts = []; gathered = 0; }
    }
    return new Blob([...blobs, ...parts]);
  }

  /** To the end, since only the last byte proves that all of it is authentic. */
  async drain() { while (await this.some(PIECE)); }
}

/** `[{name, blob}]` in the order of the archive; throws NoEnvelope for another form, and what the stream throws when its last bytes are not authentic. */
export async function readEntries(stream) {
  const source = new Source(stream), found = [];
  for (;;) {
    const signature = new DataView((await source.exactly(4)).buffer).getUint32(0, true);
    if (signature === CENTRAL || signature === END) break;
    if (signature !== LOCAL) throw new NoEnvelope();
    const head = new DataView((await source.exactly(HEAD - 4)).buffer);
    const flags = head.getUint16(2, true), method = head.getUint16(4, true), packed = head.getUint32(14, true), size = head.getUint32(18, true);
    if (method !== 0 || packed !== size || flags & 0x9) throw new NoEnvelope(); // stored, unencrypted, sizes told beforehand
    const name = new TextDecoder().decode(await source.exactly(head.getUint16(22, true)));
    await source.exactly(head.getUint16(24, true));
    found.push({ name, blob: await source.blob(size) });
  }
  await source.drain();
  return found;
}
