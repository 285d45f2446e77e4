// At the opening: the bidder's own key opens the box that holds an envelope's key, and its release is signed.
import { account, get } from "./http.js";
import { device } from "./devices.js";
import { CannotSign, showFault, signAct } from "./sign.js";
import { Decrypter, identityToRecipient } from "../vendor/sealing/1/sealing.js";
import { say } from "./texts.js";
import { unb64 } from "./statement.js";

const SECRET = /^AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}$/m;

class WrongKey extends Error {
  constructor() { super(say("release.wrong")); this.code = "release.wrong"; }
}

/** The key in a box, opened by a device's key or a recovery key, checked against the public half that was sealed with the bid. */
export async function openBox(box, identity) {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  const secret = await decrypter.decrypt(unb64(box.box), "text").catch(() => { throw new WrongKey(); });
  if ((await identityToRecipient(secret)) !== box.bid_pub) throw new WrongKey();
  return secret;
}

async function identityFrom(root, file) {
  if (file) {
    const found = (await file.text()).match(SECRET);
    if (!found) throw new WrongKey();
    return found[0];
  }
  const mine = await device(account());
  if (!mine) throw new CannotSign("act.no_key");
  return mine.sealing;
}

async function release(root, button, file) {
  const { lot, case: caseId, lotNo, env, round = "0" } = root.dataset;
  const api = `/api/v1/lots/${encodeURIComponent(lot)}`;
  const box = await get(`${api}/bid/envelopes/${encodeURIComponent(env)}/bidder-box`);
  const secret = await openBox(box, await identityFrom(root, file));
  const title = root.dataset.title ?? button.textContent.trim();
  const act = { type: "release", case: caseId, lot: lotNo, round: Number(round), url: `${api}/opening/release`, title, object: root.dataset.object ?? lot };
  // The text that is shown and hashed leaves the secret itself out: it would stand in every photograph of the screen.
  const viewText = [title, `${say("act.case")} ${caseId}`, `${say("act.lot")} ${lotNo}`, `${env} ${say("seal.version")} ${box.ver}`, box.bid_pub].join("\n");
  return signAct({ ...act, viewText, body: { env, ver: box.ver, bid_pub: box.bid_pub, method: "bidder", secret } });
}

async function run(owner, file = null) {
  const root = owner.closest("[data-release]");
  root.querySelector("[data-act-error]")?.replaceChildren();
  try {
    const answer = await release(root, owner, file);
    if (answer && root.dispatchEvent(new CustomEvent("gh:signed", { bubbles: true, cancelable: true, detail: { answer } }))) location.reload();
  } catch (fault) {
    showFault(owner, fault);
  }
}

// Heard at the document: the desk comes into an open page by itself when the release begins.
document.addEventListener("click", (event) => {
  const button = event.target.closest('[data-release] [data-release-do="device"]');
  if (button && !button.disabled) run(button);
});
document.addEventListener("change", (event) => {
  const picker = event.target.closest("[data-release] [data-release-recovery]");
  if (!picker?.files[0]) return;
  const [file] = picker.files;
  picker.value = "";
  run(picker, file);
});
