// The device of a workstation: it makes a key that cannot be exported, offers it under an activation code, and signs who sits here.
import { post } from "./http.js";
import { b64, canonicalBytes, sha256Hex, utf8 } from "./statement.js";
import { keep, load } from "./store.js";
import { showFault } from "./sign.js";

const HERE = "station"; // beside the keys of accounts, under a name that no account has

/** `{signing, keyId, spki}` of this workstation, or undefined where it was never activated. */
export const stationDevice = () => load("devices", HERE);

async function make() {
  const signing = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  const spki = new Uint8Array(await crypto.subtle.exportKey("spki", signing.publicKey));
  return { account: HERE, signing, keyId: await sha256Hex(spki), spki: b64(spki), madeAt: new Date().toISOString() };
}

/** The signature of this device over the canonical form of `said`: base64 of r ‖ s. */
export async function signAsStation(device, said) {
  const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, device.signing.privateKey, canonicalBytes(said));
  return b64(new Uint8Array(signature));
}

const codeDigest = (code) => sha256Hex(utf8(code.toUpperCase().replace(/[^\p{L}\p{N}]/gu, "")));

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-station-offer]");
  if (!form) return;
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    const device = (await stationDevice()) ?? (await make());
    const code = form.elements.code.value.trim();
    const proof = await signAsStation(device, { type: "station.offer", code_sha256: await codeDigest(code), spki: device.spki });
    const answer = await post(form.dataset.stationOffer, { code, spki: device.spki, proof });
    await keep("devices", HERE, device);
    const place = document.querySelector("[data-station-offered]");
    place.hidden = false;
    form.hidden = true;
    place.querySelector("[data-offered-site]").textContent = answer.site;
    place.querySelector("[data-offered-station]").textContent = answer.station;
    place.querySelector("[data-offered-key]").textContent = answer.key_id;
  } catch (fault) {
    showFault(form, fault);
    button.disabled = false;
  }
});
