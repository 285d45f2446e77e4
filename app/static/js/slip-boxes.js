// A slip of an expert draw in share boxes: dealt to the three offices' certified keys, so that any two open the slip of a party that stays silent.
import { canonicalize, Encrypter, split } from "../vendor/sealing/1/sealing.js";
import { get, Refused } from "./http.js";
import { trustedOffices } from "./lot-trust.js";
import { b64, hex, join, openContext, sha256, utf8 } from "./statement.js";
import { say } from "./texts.js";

const THRESHOLD = 2;

async function encryptSmall(text, recipients) {
  const encrypter = new Encrypter();
  recipients.forEach((recipient) => encrypter.addRecipient(recipient));
  return encrypter.encrypt(utf8(text));
}

/** Role → recipients of the offices' keys that the log vouches for; null where an office has none. */
async function offices(lot, at) {
  try {
    return await trustedOffices(await get(`/api/v1/lots/${lot}/lot-file`), at);
  } catch (fault) {
    if (fault instanceof Refused && fault.code === "bid.lot_file.not_ready") return null;
    throw fault.code === "seal.untrusted" ? Object.assign(new Error(say("seal.untrusted", fault.facts)), { code: fault.code }) : fault;
  }
}

/** The member `shares` of `draw.commit`; empty where an office has no certified key. place: {case, draw, party}. */
export async function slipBoxes(lot, place, value) {
  const { now } = await openContext(place.case); // the platform's clock decides whether a certificate stands
  const keys = await offices(lot, Date.parse(now));
  if (!keys || !Object.keys(keys).length) return [];
  const roles = Object.keys(keys);
  const dealt = await split(value, roles.length, THRESHOLD);
  return Promise.all(roles.map(async (role, index) => {
    const bound = { t: "ztb/v1/draw-share", case: place.case, draw: place.draw, party: place.party, role, share: hex(dealt[index]) };
    const box = await encryptSmall(canonicalize(bound), keys[role]);
    const commitment = hex(await sha256(join(utf8("ztb/v1/share-commit\0"), dealt[index])));
    return { role, recs: keys[role], box: b64(box), share_commit: commitment };
  }));
}
