// The page of signing devices: this browser's key is made, certified and, when its owner wants, deleted; an authenticator is enrolled for step-up.
import { account, post } from "./http.js";
import { confirm, confirmAct } from "./dialog.js";
import { device, forget, make, save } from "./devices.js";
import { b64, b64url, compose, openContext, sha256Hex, signByDevice, signByPasskey, unb64url } from "./statement.js";
import { showFault } from "./sign.js";
import { say } from "./texts.js";
import { digestOfView, tidy } from "./view.js";

const CASE = "PLATFORM", TYPE = "device.enrol", URL_OF_KEYS = "/api/v1/me/keys";

function labelOf(root) {
  const typed = root.querySelector("[data-keys-label]")?.value.trim();
  return typed || navigator.userAgentData?.platform || navigator.platform || "browser";
}

/** Password and device sign together; whoever has shown an electronic licence minutes ago needs no password. */
async function agree(root, title, lines) {
  const viewText = tidy([title, ...lines].join("\n"));
  const viewSha256 = await digestOfView(viewText);
  const agreed = await confirmAct({ title, viewText, viewSha256, stepUp: root.dataset.confirmed ? "" : "password+device" });
  return agreed && { ...agreed, viewSha256 };
}

/** Makes a device key, has it certified, and keeps it only then. */
export async function enrolDevice(root, title) {
  const label = labelOf(root);
  const made = await make(account());
  const agreed = await agree(root, title, [label, `SHA-256 ${made.keyId}`, made.recipient]);
  if (!agreed) return null;
  const context = await openContext(CASE);
  const body = { purpose: "device", spki: made.spki, recipient: made.recipient, label };
  const payload = compose(context, made.keyId, { type: TYPE, case: CASE, prev: "", body, viewSha256: agreed.viewSha256 });
  const answer = await post(URL_OF_KEYS, { envelope: await signByDevice(TYPE, payload, made), password: agreed.password });
  const before = await device(account());
  await save({ ...made, credentialId: before?.credentialId, certificate: answer.certificate });
  return answer;
}

/** What the API's options mean in `navigator.credentials.create`. */
function creationOptions(options) {
  return {
    ...options, challenge: unb64url(options.challenge), user: { ...options.user, id: unb64url(options.user.id) },
    excludeCredentials: (options.excludeCredentials ?? []).map((known) => ({ ...known, id: unb64url(known.id) })),
  };
}

function registrationOf(credential) {
  const { response } = credential;
  return {
    id: credential.id, rawId: b64url(new Uint8Array(credential.rawId)), type: credential.type,
    response: { clientDataJSON: b64url(new Uint8Array(response.clientDataJSON)), attestationObject: b64url(new Uint8Array(response.attestationObject)), transports: response.getTransports?.() ?? [] },
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined, clientExtensionResults: {},
  };
}

/** Registers an authenticator, and has it sign its own enrolment. */
export async function enrolPasskey(root, title) {
  const agreed = await agree(root, title, [labelOf(root)]);
  if (!agreed) return null;
  const options = await post("/api/v1/me/webauthn/options", {});
  const credential = await navigator.credentials.create({ publicKey: creationOptions(options) });
  const spki = new Uint8Array(credential.response.getPublicKey());
  const keyId = await sha256Hex(spki);
  const context = await openContext(CASE);
  const body = { purpose: "step-up", spki: b64(spki), recipient: "", label: labelOf(root) };
  const payload = compose(context, keyId, { type: TYPE, case: CASE, prev: "", body, viewSha256: agreed.viewSha256, stepUp: "webauthn" });
  const envelope = await signByPasskey(TYPE, payload, { keyId, credentialId: new Uint8Array(credential.rawId), rpId: options.rp.id });
  const answer = await post(URL_OF_KEYS, { envelope, password: agreed.password, registration: registrationOf(credential) });
  const mine = await device(account());
  if (mine) await save({ ...mine, credentialId: credential.id });
  return answer;
}

async function forgetDevice(root) {
  const agreed = await confirm({ title: say("keys.forget_title"), object: root.dataset.accountName ?? "", finalText: say("keys.forget_final") });
  if (agreed) await forget(account());
  return agreed;
}

async function show(root, text = "") {
  const mine = await device(account());
  const place = root.querySelector("[data-keys-state]");
  const rows = Array.from(document.querySelectorAll("[data-key-id]"));
  const hasEnded = mine && document.querySelector("[data-live-keys]") && !rows.some((row) => row.dataset.keyId === mine.keyId);
  const state = !mine ? "keys.none" : hasEnded ? "keys.ended" : "keys.ready";
  if (place) place.textContent = text || say(state, { key: mine?.keyId.slice(0, 8) });
  for (const row of rows) row.toggleAttribute("aria-current", row.dataset.keyId === mine?.keyId);
  for (const button of root.querySelectorAll('[data-keys="forget"]')) button.hidden = !mine;
}

const DEEDS = { enrol: [enrolDevice, "keys.made"], passkey: [enrolPasskey, "keys.passkey"], forget: [forgetDevice, "keys.forgot"] };

for (const root of document.querySelectorAll("[data-device-keys]")) {
  if (!crypto.subtle || !window.indexedDB) root.querySelector("[data-keys-state]").textContent = say("keys.old");
  else show(root);
  root.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-keys]");
    if (!button || button.disabled) return;
    const [deed, told] = DEEDS[button.dataset.keys];
    button.disabled = true;
    try {
      const answer = await deed(root, button.textContent.trim());
      if (answer) {
        await show(root, say(told));
        root.dispatchEvent(new CustomEvent("gh:keys", { bubbles: true, detail: { answer } }));
        if (root.dataset.done) location.assign(root.dataset.done);
      }
    } catch (fault) {
      showFault(button, fault.name === "NotAllowedError" ? Object.assign(new Error(say("act.passkey_refused")), { code: "act.passkey_refused" }) : fault);
    } finally {
      button.disabled = false;
    }
  });
}
