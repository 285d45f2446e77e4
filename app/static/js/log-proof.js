// That an event stands in the log: from its bytes to the batch, from the batch to a checkpoint, and who signed the checkpoint (RFC 6962, C2SP).
import { ed25519 } from "../vendor/sealing/1/sealing.js";
import { b64, hex, join, sha256, unb64, utf8 } from "./statement.js";

const LEVELS = 12; // a batch has 4,096 places
const LOG = 1, WITNESS = 4;

const leafHash = (record) => sha256(join(Uint8Array.of(0), record));
const nodeHash = (left, right) => sha256(join(Uint8Array.of(1), left, right));

/** The root that an inclusion path leads to (RFC 9162 §2.1.3.2). */
async function rootOf(leaf, index, size, path) {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) throw new TypeError("log.index");
  let at = index, last = size - 1, root = leaf;
  for (const sibling of path) {
    if (last === 0) throw new TypeError("log.path");
    if (at % 2 || at === last) {
      root = await nodeHash(sibling, root);
      while (at % 2 === 0 && at) { at = Math.floor(at / 2); last = Math.floor(last / 2); }
    } else root = await nodeHash(root, sibling);
    at = Math.floor(at / 2); last = Math.floor(last / 2);
  }
  if (last !== 0) throw new TypeError("log.path");
  return root;
}

/** `name+id+key` of a log or a witness. */
export async function readVkey(text) {
  const [name, id, ...rest] = text.split("+");
  const blob = unb64(rest.join("+"));
  const keyId = (await sha256(join(utf8(name), Uint8Array.of(0x0a), blob))).subarray(0, 4);
  if (hex(keyId) !== id || blob.length !== 33) throw new TypeError("log.vkey");
  return { name, algorithm: blob[0], key: blob.subarray(1), keyId: hex(keyId) };
}

function readProof(text) {
  const cut = text.indexOf("\n\n");
  const [head, ...lines] = text.slice(0, cut).split("\n");
  const note = text.slice(cut + 2);
  const gap = note.lastIndexOf("\n\n");
  if (head !== "c2sp.org/tlog-proof@v1" || cut < 0 || gap < 0) throw new TypeError("log.proof");
  const body = lines.filter((line) => !line.startsWith("extra "));
  const [origin, size, root] = note.slice(0, gap + 1).split("\n");
  const signatures = note.slice(gap + 2).trimEnd().split("\n").map((line) => {
    const [dash, name, blob] = line.split(" ");
    if (dash !== "—") throw new TypeError("log.note");
    const bytes = unb64(blob);
    return { name, keyId: hex(bytes.subarray(0, 4)), blob: bytes.subarray(4) };
  });
  return { index: Number(body[0].replace("index ", "")), path: body.slice(1).map(unb64), text: note.slice(0, gap + 1), origin, size: Number(size), root, signatures };
}

const lineOf = (proof, vkey) => proof.signatures.find(({ name, keyId }) => name === vkey.name && keyId === vkey.keyId)?.blob;

function isCosigned(proof, witness) {
  const blob = lineOf(proof, witness);
  if (witness.algorithm !== WITNESS || blob?.length !== 72) return false;
  const at = new DataView(blob.buffer, blob.byteOffset, 8).getBigUint64(0);
  return ed25519.verify(blob.subarray(8), utf8(`cosignature/v1\ntime ${at}\n${proof.text}`), witness.key);
}

/** The event's JSON when its proof holds under the log's key and a majority of the witnesses; throws otherwise. Its signature is not checked here. */
export async function provenEvent(entry, log, witnesses) {
  const data = unb64(entry.data);
  const commitment = await sha256(join(utf8("ztb/v1/leaf\0"), unb64(entry.salt), data));
  if (entry.path.length !== LEVELS) throw new TypeError("log.path");
  const record = await rootOf(await leafHash(commitment), entry.place, 2 ** LEVELS, entry.path.map(unb64));
  const proof = readProof(entry.tlog_proof);
  if (proof.index !== entry.leaf_index) throw new TypeError("log.index");
  if (b64(await rootOf(await leafHash(record), proof.index, proof.size, proof.path)) !== proof.root) throw new TypeError("log.not_included");
  const signed = lineOf(proof, log);
  if (log.algorithm !== LOG || proof.origin !== log.name || !signed || !ed25519.verify(signed, utf8(proof.text), log.key)) throw new TypeError("log.not_signed");
  if (witnesses.filter((witness) => isCosigned(proof, witness)).length < (witnesses.length ? Math.floor(witnesses.length / 2) + 1 : 0)) throw new TypeError("log.not_witnessed");
  return JSON.parse(new TextDecoder().decode(data));
}
