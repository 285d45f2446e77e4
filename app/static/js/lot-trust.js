// May the office keys of a lot file be used? Only with a certificate that names the office and the key, whose issue stands in the witnessed log.
import { ed25519 } from "../vendor/sealing/1/sealing.js";
import { hasChain, holderOf, readCertificate } from "./certificate.js";
import { provenEvent, readVkey } from "./log-proof.js";
import { pae, sha256Hex, unb64 } from "./statement.js";

const ORDER = ["tenderer", "centre", "supervisor"]; // in which shares are dealt and listed, whatever order the file has

class Untrusted extends Error {
  constructor(reason) { super(reason); this.code = "seal.untrusted"; this.facts = { reason }; }
}

/** The statement of a platform event, its Ed25519 signature checked with the key of the platform's certificate. */
function platformStatement(event, platform) {
  const { payloadType, payload, signatures } = event.dsse;
  const bytes = unb64(payload);
  if (!ed25519.verify(unb64(signatures[0].sig), pae(payloadType, bytes), platform.spki.subarray(-32))) throw new Untrusted("platform signature");
  return JSON.parse(new TextDecoder().decode(bytes));
}

async function checkKey(role, key, { authorities, platform, log, witnesses, at }) {
  const certificate = await readCertificate(key.certificate);
  const holder = holderOf(certificate);
  if (!holder.officer || holder.role !== role || holder.age !== key.recipient) throw new Untrusted("holder");
  if ((await sha256Hex(certificate.spki)) !== key.key_id) throw new Untrusted("key id");
  if (!(await hasChain(certificate, authorities, at))) throw new Untrusted("chain");
  const said = platformStatement(await provenEvent(key.issue, log, witnesses), platform);
  const fits = said.type === "cert.issue" && said.body.key_id === key.key_id && said.body.recipient === key.recipient && said.body.certificate_sha256 === certificate.sha256;
  if (!fits) throw new Untrusted("cert.issue");
  return key.recipient;
}

/** Role → `age1…` recipients; throws (code `seal.untrusted`) for the first key that does not hold at moment `at`. */
export async function trustedOffices(lot, at = Date.now()) {
  try {
    const authorities = await Promise.all(lot.authorities.map(readCertificate));
    const platform = await readCertificate(lot.platform);
    if (!holderOf(platform).platform || !(await hasChain(platform, authorities, at))) throw new Untrusted("platform");
    const trust = { authorities, platform, log: await readVkey(lot.log.vkey), witnesses: await Promise.all(lot.log.witnesses.map(readVkey)), at };
    const offices = {};
    for (const role of ORDER) {
      const keys = lot.offices[role];
      if (!keys?.length) throw new Untrusted(`no key of ${role}`);
      offices[role] = await Promise.all(keys.map((key) => checkKey(role, key, trust)));
    }
    return offices;
  } catch (fault) {
    throw fault instanceof Untrusted ? fault : new Untrusted(fault.message);
  }
}
