// The keys of this browser: a non-extractable P-256 key that signs, an X25519 key that opens one's own bids; one pair per account.
import { drop, keep, load } from "./store.js";
import { b64, sha256Hex } from "./statement.js";

const CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/** `{account, signing, keyId, spki (base64), sealing: CryptoKey or AGE-SECRET-KEY text, recipient, credentialId?}` or undefined. */
export const device = (account) => (account ? load("devices", account) : Promise.resolve(undefined));

export const forget = (account) => drop("devices", account);

/** Makes a device's keys without keeping them: `save` does, once they are certified. */
export async function make(account) {
  const signing = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  const spki = new Uint8Array(await crypto.subtle.exportKey("spki", signing.publicKey));
  return { account, signing, keyId: await sha256Hex(spki), spki: b64(spki), ...(await makeSealing()), madeAt: new Date().toISOString() };
}

/** The same around a signing key that came from elsewhere; its private half cannot be exported either. */
export async function adopt(account, signing, spki) {
  return { account, signing, keyId: await sha256Hex(spki), spki: b64(spki), ...(await makeSealing()), madeAt: new Date().toISOString() };
}

export const save = (made) => keep("devices", made.account, made);

async function makeSealing() {
  try {
    const pair = await crypto.subtle.generateKey({ name: "X25519" }, false, ["deriveBits"]);
    return { sealing: pair.privateKey, recipient: bech32("age", new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey))) };
  } catch {
    // Browsers without X25519 in WebCrypto: the key is text, kept in the same place.
    const { generateX25519Identity, identityToRecipient } = await import("../vendor/sealing/1/sealing.js");
    const sealing = await generateX25519Identity();
    return { sealing, recipient: await identityToRecipient(sealing) };
  }
}

/** Bech32 (BIP 173) of bytes: how age writes recipients. */
export function bech32(prefix, bytes) {
  const words = [];
  let held = 0, bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte; bits += 8;
    while (bits >= 5) { bits -= 5; words.push((held >> bits) & 31); held &= (1 << bits) - 1; }
  }
  if (bits) words.push((held << (5 - bits)) & 31);
  const spread = [...Array.from(prefix, (c) => c.charCodeAt(0) >> 5), 0, ...Array.from(prefix, (c) => c.charCodeAt(0) & 31)];
  const check = polymod([...spread, ...words, 0, 0, 0, 0, 0, 0]) ^ 1;
  const tail = Array.from({ length: 6 }, (_, at) => (check >> (5 * (5 - at))) & 31);
  return `${prefix}1${[...words, ...tail].map((word) => CHARSET[word]).join("")}`;
}

function polymod(values) {
  const generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
  let check = 1;
  for (const value of values) {
    const top = check >>> 25;
    check = ((check & 0x1ffffff) << 5) ^ value;
    for (let at = 0; at < 5; at += 1) if ((top >> at) & 1) check ^= generator[at];
  }
  return check >>> 0;
}
