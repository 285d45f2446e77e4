// Signed statements, byte for byte: RFC 8785 JSON without floats, NFC text, DSSE's pre-authentication encoding, the envelope.
import canonicalize from "../vendor/canonicalize/4.0.0/canonicalize.js";
import { get } from "./http.js";

export const SUITE = "ztb-intl-1";
const encoder = new TextEncoder();

export const utf8 = (text) => encoder.encode(text);
export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
export const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
export function b64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}
export const unb64 = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
export const b64url = (bytes) => b64(bytes).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
export const unb64url = (text) => unb64(text.replace(/-/g, "+").replace(/_/g, "/") + "=".repeat((4 - (text.length % 4)) % 4));
export async function sha256(bytes) { return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)); }
export async function sha256Hex(bytes) { return hex(await sha256(bytes)); }

/** The value with all text in NFC; throws for numbers that are no safe integers and for anything JSON cannot say. */
export function normal(value) {
  if (typeof value === "string") return value.normalize("NFC");
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new TypeError(`no such number in a signed payload: ${value}`);
    return value;
  }
  if (value === null || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map(normal);
  if (typeof value === "object") return Object.fromEntries(Object.entries(value).map(([name, member]) => [name.normalize("NFC"), normal(member)]));
  throw new TypeError(`no such value in a signed payload: ${typeof value}`);
}

export const canonicalBytes = (value) => utf8(canonicalize(normal(value)));

export const payloadType = (type) => `application/vnd.ztb.${type}.v1+json`;

/** DSSE's PAE: what every signature covers. */
export function pae(kind, payload) {
  const type = utf8(kind);
  return join(utf8(`DSSEv1 ${type.length} `), type, utf8(` ${payload.length} `), payload);
}

export function join(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) { whole.set(part, at); at += part.length; }
  return whole;
}

/** What the server says before one signs; `at` is when we heard it, so that `iat` follows the server's clock. */
export async function openContext(caseId, role = "") {
  const query = new URLSearchParams({ case: caseId, ...(role ? { role } : {}) });
  return { ...(await get(`/api/v1/acts/context?${query}`)), at: performance.now() };
}

export function moment(context) {
  return new Date(Date.parse(context.now) + (performance.now() - context.at)).toISOString();
}

/** Canonical payload bytes of the common fields and a body. `stepUp` is "", "webauthn" or "password+device". */
export function compose(context, keyId, { type, case: caseId, lot = "", round = 0, body = {}, viewSha256 = "", stepUp = "", prev = context.prev, nonce }) {
  const members = {
    v: 1, suite: context.suite ?? SUITE, type, case: caseId, lot, round, prev,
    actor: { id: context.actor.id, role: context.actor.role, key_id: keyId },
    nonce: nonce ?? hex(crypto.getRandomValues(new Uint8Array(16))),
    iat: moment(context), ckpt: { size: context.ckpt.size, root: context.ckpt.root }, body, view_sha256: viewSha256,
  };
  if (stepUp) members.step_up = stepUp;
  return canonicalBytes(members);
}

/** A DSSE object signed by a device key (ECDSA P-256, raw r ‖ s). */
export async function signByDevice(type, payload, device) {
  const kind = payloadType(type);
  const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, device.signing.privateKey, pae(kind, payload));
  return { payloadType: kind, payload: b64(payload), signatures: [{ keyid: device.keyId, kind: "es256", sig: b64(new Uint8Array(signature)) }] };
}

/** A DSSE object signed by an authenticator: the challenge stands for the PAE bytes, user verification is demanded. */
export async function signByPasskey(type, payload, { keyId, credentialId, rpId }) {
  const kind = payloadType(type);
  const challenge = await sha256(join(utf8("ztb/v1/webauthn-sign\0"), pae(kind, payload)));
  const answer = await navigator.credentials.get({
    publicKey: { challenge, rpId: rpId || location.hostname, allowCredentials: [{ type: "public-key", id: credentialId }], userVerification: "required", timeout: 120000 },
  });
  const sig = b64(new Uint8Array(answer.response.signature));
  const line = {
    keyid: keyId, kind: "webauthn-es256", sig, signature: sig,
    authenticatorData: b64(new Uint8Array(answer.response.authenticatorData)),
    clientDataJSON: b64(new Uint8Array(answer.response.clientDataJSON)),
  };
  return { payloadType: kind, payload: b64(payload), signatures: [line] };
}
