// At the opening: the bidder's own key opens the box that holds an envelope's key, and its release is signed.
import { account, get } from "./http.js";
import { device } from "./devices.js";
import { CannotSign, showFault, signAct } from "./sign.js";
import { openBox, recoveryKey, WrongKey } from "./own-key.js";
import { say } from "./texts.js";

async function identityFrom(file) {
  if (file) return recoveryKey(file);
  const mine = await device(account());
  if (!mine) throw new CannotSign("act.no_key");
  return mine.sealing;
}

async function release(root, button, file) {
  const { api, role, lot, case: caseId, lotNo, env, round = "0" } = root.dataset;
  const box = await get(`${api}/bid/envelopes/${encodeURIComponent(env)}/bidder-box`);
  const secret = await openBox(box, await identityFrom(file));
  const title = root.dataset.title ?? button.textContent.trim();
  const isPractice = "practice" in root.dataset;
  const act = { type: isPractice ? "practice.release" : "release", role, case: caseId, lot: lotNo, round: Number(round), url: `${api}/opening/release`, title, object: root.dataset.object ?? lot };
  // The text that is shown and hashed leaves the secret itself out: it would stand in every photograph of the screen.
  const viewText = [title, `${say("act.case")} ${caseId}`, `${say("act.lot")} ${lotNo}`, `${env} ${say("seal.version")} ${box.ver}`, box.bid_pub].join("\n");
  const said = { env, ver: box.ver, bid_pub: box.bid_pub };
  return signAct({ ...act, viewText, body: isPractice ? said : { ...said, method: "bidder", secret } }); // a practice's key opens perhaps what will be bid: it stays here
}

async function run(owner, file = null) {
  const root = owner.closest("[data-release]");
  root.querySelector("[data-act-error]")?.replaceChildren();
  try {
    const answer = await release(root, owner, file);
    if (answer && root.dispatchEvent(new CustomEvent("gh:signed", { bubbles: true, cancelable: true, detail: { answer } }))) location.reload();
  } catch (fault) {
    showFault(owner, fault instanceof WrongKey ? Object.assign(new Error(say(fault.code)), { code: fault.code }) : fault);
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
