// The sealing worker: packs an envelope into one stored ZIP, encrypts it to a fresh single-use key straight into the browser's private
// file system while hashing, deals the shares of that key and makes its boxes. The key never leaves this worker.
import { canonicalize, createCRC32, createSHA256, Decrypter, Encrypter, generateX25519Identity, identityToRecipient, split, bech32 } from "../vendor/sealing/1/sealing.js";
import { openBox } from "./own-key.js";
import { readEntries } from "./unzip.js";
import { archive, entriesOf, pieces } from "./zip.js";

const THRESHOLD = 2;
const utf8 = (text) => new TextEncoder().encode(text);
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const b64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
const sha256 = async (bytes) => hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));

function reporter(id, phase, all) {
  let done = 0, said = 0;
  return (count) => {
    done += count;
    const now = performance.now();
    if (done === all || now - said > 120) { said = now; postMessage({ id, progress: { phase, done, all } }); }
  };
}

async function encryptSmall(text, recipients) {
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  return encrypter.encrypt(utf8(text));
}

/** Checksums of all files first, since a stored entry names its own before its bytes. */
async function checksums(id, files) {
  const report = reporter(id, "packing", files.reduce((sum, file) => sum + file.size, 0));
  const crc = await createCRC32();
  const sums = [];
  for (const file of files) {
    crc.init();
    for await (const piece of pieces(file)) { crc.update(piece); report(piece.length); }
    sums.push(parseInt(crc.digest("hex"), 16));
  }
  return sums;
}

async function writeCiphertext(id, name, source, expected) {
  const report = reporter(id, "sealing", expected);
  const digest = await createSHA256();
  digest.init();
  const file = await privateFile(name);
  let size = 0;
  try {
    for (const reader = source.getReader(); ;) {
      const { done, value } = await reader.read();
      if (done) break;
      file.write(value);
      digest.update(value);
      size += value.length;
      report(value.length);
    }
  } finally {
    file.close();
  }
  return { ct_sha256: digest.digest("hex"), ct_size: size };
}

/** A file of the browser's private file system, written from its start; what fails there is for want of room: private windows keep files
 *  in memory, and have less of it than they promise. */
async function privateFile(name) {
  const root = await navigator.storage.getDirectory();
  const handle = await (await root.getFileHandle(name, { create: true })).createSyncAccessHandle();
  const full = (act) => {
    try { return act(); } catch (fault) { throw Object.assign(new Error(fault.message), { code: "seal.device_full" }); }
  };
  let at = 0;
  handle.truncate(0);
  return {
    write: (bytes) => full(() => {
      for (let from = 0; from < bytes.length;) {
        const written = handle.write(bytes.subarray(from), { at });
        if (!written) throw new Error("nothing was written");
        from += written;
        at += written;
      }
    }),
    close: () => full(() => { try { handle.flush(); } finally { handle.close(); } }),
  };
}

async function shareBoxes(secret, place, bidPub, offices) {
  const roles = Object.keys(offices);
  if (!roles.length) return [];
  const raw = bech32.decodeToBytes(secret).bytes;
  const dealt = await split(raw, roles.length, THRESHOLD);
  raw.fill(0);
  return Promise.all(roles.map(async (role, index) => {
    const share = dealt[index];
    const bound = { t: "ztb/v1/share", ...place, bid_pub: bidPub, role, share: hex(share) };
    const box = await encryptSmall(canonicalize(bound), offices[role]);
    const promise = await sha256(Uint8Array.from([...utf8("ztb/v1/share-commit\0"), ...share]));
    return { box: b64(box), statement: { role, recs: offices[role], box_sha256: await sha256(box), share_commit: promise } };
  }));
}

/** One envelope: `{body, bidder_box, share_boxes}` with the ciphertext at `target` in the private file system. */
async function seal({ id, files, bid, target, place, offices, bidder, clientBuild, consortium }) {
  const entries = entriesOf(utf8(canonicalize(bid)), files);
  const sums = await checksums(id, entries.map((entry) => entry.source));
  const secret = await generateX25519Identity();
  const bidPub = await identityToRecipient(secret);
  const encrypter = new Encrypter();
  encrypter.addRecipient(bidPub);
  const { stream, size } = archive(entries, sums);
  const ciphertext = await encrypter.encrypt(stream);
  const written = await writeCiphertext(id, target, ciphertext, ciphertext.size(size));
  const boxes = await shareBoxes(secret, place, bidPub, offices);
  const box = await encryptSmall(secret, bidder);
  const body = {
    env: place.env, ver: place.ver, bid_pub: bidPub, ...written, threshold: THRESHOLD,
    shares: boxes.map((each) => each.statement), box_sha256: await sha256(box), client_build: clientBuild,
    ...(consortium?.length ? { consortium } : {}),
    ...(place.purpose ? { purpose: place.purpose } : {}),
  };
  return { body, bidder_box: b64(box), share_boxes: boxes.map((each) => ({ role: each.statement.role, box: each.box })) };
}

/** The digest of a ready-made ciphertext, to compare with what its statement says. */
async function digest({ id, file }) {
  const report = reporter(id, "packing", file.size);
  const sum = await createSHA256();
  sum.init();
  for await (const piece of pieces(file)) { sum.update(piece); report(piece.length); }
  return { ct_sha256: sum.digest("hex"), ct_size: file.size };
}

/** The bytes that the platform keeps, hashed as they come: `{stream, size, digest()}`. */
async function received(id, url, phase) {
  const answer = await fetch(url, { credentials: "same-origin", cache: "no-store" });
  if (!answer.ok) throw Object.assign(new Error(`HTTP ${answer.status}`), { code: "own.unavailable" });
  const report = reporter(id, phase, Number(answer.headers.get("Content-Length") ?? 0));
  const sum = await createSHA256();
  sum.init();
  let size = 0;
  const reader = answer.body.getReader();
  const stream = new ReadableStream({
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done) { controller.close(); return; }
      sum.update(value);
      size += value.length;
      report(value.length);
      controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return { stream, said: () => ({ ct_sha256: sum.digest("hex"), ct_size: size }) };
}

/** The digest of the ciphertext that the platform keeps. */
async function compare({ id, url }) {
  const { stream, said } = await received(id, url, "comparing");
  for (const reader = stream.getReader(); !(await reader.read()).done;);
  return said();
}

/** One's own envelope as the platform keeps it, opened here: its digest, and what is in it as blobs. Its key never leaves this worker. */
async function reopen({ id, url, box, identity }) {
  const secret = await openBox(box, identity);
  const { stream, said } = await received(id, url, "opening");
  const decrypter = new Decrypter();
  decrypter.addIdentity(secret);
  const [first, ...files] = await readEntries(await decrypter.decrypt(stream));
  return { ...said(), bid: first?.name === "bid.json" ? JSON.parse(await first.blob.text()) : null, files };
}

const JOBS = { seal, digest, compare, reopen };

addEventListener("message", async ({ data }) => {
  try {
    postMessage({ id: data.id, result: await JOBS[data.job](data) });
  } catch (fault) {
    postMessage({ id: data.id, fault: { name: fault.name, message: fault.message, code: fault.code ?? "", facts: fault.facts ?? {} } });
  }
});
