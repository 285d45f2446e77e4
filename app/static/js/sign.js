// Signed acts: what is on the page is shown, confirmed, signed with the person's key and posted; refusals stand beside the button.
import { account, post, Refused } from "./http.js";
import { confirmAct } from "./dialog.js";
import { announce, element, toast } from "./dom.js";
import { device } from "./devices.js";
import { collect, showErrors } from "./fields.js";
import { compose, openContext, signByDevice, signByPasskey, unb64url } from "./statement.js";
import { say } from "./texts.js";
import { digestOfView, textOf, textOfBody } from "./view.js";

/** Something on this device keeps the person from signing; the message says what to do. */
export class CannotSign extends Error {
  constructor(code) { super(say(code)); this.code = code; }
}

/** The key that signs this act: `{keyId, stepUp, sign(payload)}`. */
export async function chooseSigner(context, type, wantsStepUp) {
  const stepUp = wantsStepUp ? context.step_up : "";
  if (stepUp === "webauthn") {
    const mine = await device(account());
    const keys = context.keys.filter((key) => key.kind === "webauthn-es256" && key.credential_id);
    const key = keys.find((each) => each.credential_id === mine?.credentialId) ?? keys[0];
    if (!key) throw new CannotSign("act.no_passkey");
    const chosen = { keyId: key.key_id, credentialId: unb64url(key.credential_id), rpId: context.rp_id };
    return { keyId: key.key_id, stepUp, sign: (payload) => signByPasskey(type, payload, chosen) };
  }
  const mine = await device(account());
  if (!mine) throw new CannotSign("act.no_key");
  if (!context.keys.some((key) => key.key_id === mine.keyId)) throw new CannotSign("act.key_unknown");
  return { keyId: mine.keyId, stepUp, sign: (payload) => signByDevice(type, payload, mine) };
}

/** Shows, confirms, signs and posts one act; resolves to the answer, or null when the person went back.
    act: {type, case, lot, round, body, viewText, url, extra, stepUp, title, object, final, role}. */
export async function signAct(act) {
  const viewText = act.viewText || textOfBody(act);
  const viewSha256 = await digestOfView(viewText);
  let context = await openContext(act.case, act.role);
  const signer = await chooseSigner(context, act.type, act.stepUp);
  const agreed = await confirmAct({ ...act, finalText: act.final, viewText, viewSha256, stepUp: signer.stepUp });
  if (!agreed) return null;
  for (let turn = 0; ; turn += 1) {
    const payload = compose(context, signer.keyId, { ...act, viewSha256, stepUp: signer.stepUp });
    const envelope = await signer.sign(payload).catch((fault) => { throw fault.name === "NotAllowedError" ? new CannotSign("act.passkey_refused") : fault; });
    const password = signer.stepUp === "password+device" ? { password: agreed.password } : {};
    try {
      return await post(act.url, { ...(act.extra ?? {}), envelope, ...password });
    } catch (fault) {
      if (turn || !isStalePrev(fault)) throw fault;
      context = await openContext(act.case, act.role); // somebody signed in another window: once more with the new predecessor
    }
  }
}

export const isStalePrev = (fault) => fault instanceof Refused && fault.status === 409 && (fault.code === "act.prev" || fault.problem.facts?.prev !== undefined);

function errorPlace(owner) {
  const scope = owner.tagName === "FORM" ? owner : owner.parentElement;
  let place = scope.querySelector("[data-act-error]");
  if (!place) {
    place = element("span", { className: "acterror", role: "alert", "data-act-error": true });
    owner.tagName === "FORM" ? owner.append(place) : owner.after(place);
  }
  return place;
}

export function showFault(owner, fault) {
  const known = fault instanceof Refused || typeof fault.code === "string"; // a browser's own exceptions have numbers, and often no words
  if (!known) console.error(fault);
  const faults = (fault.problem?.errors ?? []).map((each) => ({ field: each.field ?? (each.loc ?? []).join("."), sentence: each.sentence ?? each.msg ?? fault.message }));
  const homeless = owner.tagName === "FORM" ? showErrors(owner, faults) : [];
  const place = errorPlace(owner);
  const article = fault.problem?.article ? `（${fault.problem.article}）` : "";
  place.replaceChildren(`${known ? fault.message : say("net.fault", { status: fault.name })}${article}`, ...homeless.map((sentence) => element("span", {}, ` ${sentence}`)));
  if (["act.no_key", "act.key_unknown", "act.no_passkey"].includes(fault.code)) place.append(" ", element("a", { href: "/me/devices" }, say("act.devices")));
}

/** What an element's data-act… attributes say. */
function described(owner) {
  const data = owner.dataset;
  return {
    type: data.act, case: data.actCase, lot: data.actLot ?? "", round: Number(data.actRound ?? 0), url: data.actUrl,
    body: data.actBody ? JSON.parse(data.actBody) : {}, extra: data.actExtra ? JSON.parse(data.actExtra) : {},
    stepUp: "actStepUp" in data, object: data.actObject ?? "", final: data.actFinal ?? "", role: data.actRole ?? "",
  };
}

async function perform(owner, button) {
  const act = described(owner);
  errorPlace(owner).replaceChildren();
  if (owner.tagName === "FORM") {
    const found = collect(owner);
    if (!found) return;
    act.body = { ...act.body, ...found.body };
    act.extra = { ...act.extra, ...found.extra };
  }
  act.title = (button ?? owner).textContent.trim();
  const region = owner.dataset.actView ? document.querySelector(owner.dataset.actView) : null;
  act.viewText = region ? textOf(region) : "";
  if (button) { button.disabled = true; button.setAttribute("aria-busy", "true"); }
  try {
    const answer = await signAct(act);
    if (answer !== null) finish(owner, answer);
  } catch (fault) {
    showFault(owner, fault);
  } finally {
    if (button) { button.disabled = false; button.removeAttribute("aria-busy"); }
  }
}

function finish(owner, answer) {
  announce(say("act.done"));
  const goOn = owner.dispatchEvent(new CustomEvent("gh:signed", { bubbles: true, cancelable: true, detail: { answer } }));
  const done = owner.dataset.actDone ?? "reload";
  owner.removeAttribute("data-dirty");
  if (!goOn || done === "event") { toast(say("act.done")); return; }
  if (done === "reload") location.reload();
  else location.assign(done.replace(/\{(\w+)\}/g, (gap, name) => encodeURIComponent(answer[name] ?? gap)));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-act]");
  if (button && !button.disabled) { event.preventDefault(); perform(button, button); }
});
document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-act-form]");
  if (form) { event.preventDefault(); perform(form, event.submitter ?? form.querySelector("button:not([type=button])")); }
});
