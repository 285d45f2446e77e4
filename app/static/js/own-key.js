// The bidder's way to an envelope's key: a box that only the device or the recovery key opens. No page is needed, so that a worker can use it too.
import { Decrypter, identityToRecipient } from "../vendor/sealing/1/sealing.js";

const SECRET = /^AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}$/m;

/** Another key than the one that opens this box. */
export class WrongKey extends Error {
  constructor() { super("release.wrong"); this.name = "WrongKey"; this.code = "release.wrong"; }
}

/** The key in a box `{bid_pub, box}`, opened by a device's key or a recovery key, checked against the public half that was sealed with the bid. */
export async function openBox(box, identity) {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  const bytes = Uint8Array.from(atob(box.box), (character) => character.charCodeAt(0));
  const secret = await decrypter.decrypt(bytes, "text").catch(() => { throw new WrongKey(); });
  if ((await identityToRecipient(secret)) !== box.bid_pub) throw new WrongKey();
  return secret;
}

/** The recovery key in the file that its holder downloaded. */
export async function recoveryKey(file) {
  const found = (await file.text()).match(SECRET);
  if (!found) throw new WrongKey();
  return found[0];
}
