// Reads X.509 certificates just far enough to check a chain of P-256 signatures and whom they name (RFC 5280).
import { sha256Hex, unb64 } from "./statement.js";

const OIDS = { san: "551d11", basic: "551d13" };

/** One DER element: tag, content, the whole with its head, and where it ends. */
function element(bytes, at = 0) {
  const tag = bytes[at];
  let length = bytes[at + 1], start = at + 2;
  if (length & 0x80) {
    const count = length & 0x7f;
    if (!count || count > 4) throw new TypeError("DER");
    length = 0;
    for (let index = 0; index < count; index += 1) length = length * 256 + bytes[start + index];
    start += count;
  }
  const end = start + length;
  if (!(end <= bytes.length)) throw new TypeError("DER");
  return { tag, content: bytes.subarray(start, end), whole: bytes.subarray(at, end), end };
}

function children(bytes) {
  const found = [];
  for (let at = 0; at < bytes.length;) { const next = element(bytes, at); found.push(next); at = next.end; }
  return found;
}

const text = (bytes) => new TextDecoder().decode(bytes);
const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

function moment({ tag, content }) {
  const digits = text(content);
  const full = tag === 0x17 ? (Number(digits.slice(0, 2)) < 50 ? "20" : "19") + digits : digits;
  return Date.parse(full.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
}

function extensionsOf(fields) {
  const wrapped = fields.find((field) => field.tag === 0xa3);
  const found = new Map();
  for (const extension of wrapped ? children(children(wrapped.content)[0].content) : []) {
    const parts = children(extension.content);
    found.set(hexOf(parts[0].content), parts.at(-1).content);
  }
  return found;
}

/** `{der, tbs, signature, issuer, subject, spki, from, until, names: [URIs], isAuthority, sha256}` of PEM text. */
export async function readCertificate(pem) {
  const der = unb64(pem.replace(/-----[^-]+-----|\s/g, ""));
  const [tbs, , signature] = children(element(der).content);
  const fields = children(tbs.content);
  const shift = fields[0].tag === 0xa0 ? 1 : 0;
  const [, , issuer, validity, subject, spki] = fields.slice(shift);
  const [from, until] = children(validity.content).map(moment);
  const extensions = extensionsOf(fields);
  const names = extensions.has(OIDS.san) ? children(element(extensions.get(OIDS.san)).content).filter((name) => name.tag === 0x86).map((name) => text(name.content)) : [];
  const basic = extensions.has(OIDS.basic) ? children(element(extensions.get(OIDS.basic)).content) : [];
  return {
    der, tbs: tbs.whole, signature: signature.content.subarray(1), issuer: hexOf(issuer.whole), subject: hexOf(subject.whole), spki: spki.whole,
    from, until, names, isAuthority: basic[0]?.tag === 0x01 && basic[0].content[0] === 0xff, sha256: await sha256Hex(der),
  };
}

/** r ‖ s of a DER ECDSA signature. */
function rawSignature(der) {
  const [r, s] = children(element(der).content).map(({ content }) => content);
  const raw = new Uint8Array(64);
  [r, s].forEach((number, index) => {
    const plain = number[0] === 0 ? number.subarray(1) : number;
    raw.set(plain, 32 * (index + 1) - plain.length);
  });
  return raw;
}

async function isSignedBy(certificate, issuer) {
  if (certificate.issuer !== issuer.subject || !issuer.isAuthority) return false;
  const key = await crypto.subtle.importKey("spki", issuer.spki, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
  return crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, rawSignature(certificate.signature), certificate.tbs);
}

const isGood = (certificate, at) => certificate.from <= at && at <= certificate.until;

/** Whether the certificate stands at moment `at` under an issuing certificate under a self-signed root, both among `authorities`. */
export async function hasChain(certificate, authorities, at) {
  for (const issuing of authorities) {
    if (issuing.subject === issuing.issuer || !(await isSignedBy(certificate, issuing))) continue;
    for (const root of authorities) {
      if (root.subject !== root.issuer || !(await isSignedBy(issuing, root)) || !(await isSignedBy(root, root))) continue;
      if ([certificate, issuing, root].every((each) => isGood(each, at))) return true;
    }
  }
  return false;
}

/** What a certificate's names say: `{person|officer|platform, role, age}`. */
export function holderOf(certificate) {
  return Object.fromEntries(certificate.names.map((name) => name.replace(/^urn:ztb:/, "").split(/:(.*)/s).slice(0, 2)));
}
