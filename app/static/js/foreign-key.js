// A key that another authority has certified: read from files on this device, proved here, and kept so that it cannot be taken out again.
import { account, post } from "./http.js";
import { readCertificate } from "./certificate.js";
import { adopt, device, save } from "./devices.js";
import { confirmAct } from "./dialog.js";
import { announce } from "./dom.js";
import { CannotSign, showFault } from "./sign.js";
import { b64, compose, openContext, sha256Hex, signByDevice, unb64, utf8 } from "./statement.js";
import { say } from "./texts.js";
import { digestOfView, tidy } from "./view.js";

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;
const PLAIN = /-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END PRIVATE KEY-----/;
const LARGEST = 200_000; // bytes of a file

const textOf = (bytes) => new TextDecoder("latin1").decode(bytes);
const pemOf = (der) => `-----BEGIN CERTIFICATE-----\n${b64(der).replace(/.{64}/g, "$&\n").trimEnd()}\n-----END CERTIFICATE-----\n`;

async function bytesOf(file) {
  if (file.size > LARGEST) throw new CannotSign("foreign.certificate");
  return new Uint8Array(await file.arrayBuffer());
}

/** The certificates of some files (PEM with one or many, or DER), as PEM. */
export async function readChain(files) {
  const found = [];
  for (const file of files) {
    const bytes = await bytesOf(file);
    const blocks = textOf(bytes).match(CERTIFICATE);
    for (const block of blocks ?? []) found.push(pemOf(unb64(block.replace(/-----[^-]+-----|\s/g, ""))));
    if (!blocks) {
      if (bytes[0] !== 0x30) throw new CannotSign("foreign.certificate");
      found.push(pemOf(bytes));
    }
  }
  return found;
}

/** The PKCS#8 bytes of a key file; what needs a password is not asked for one here. */
async function readKey(file) {
  const bytes = await bytesOf(file), text = textOf(bytes);
  if (/\.(p12|pfx)$/i.test(file.name) || text.includes("ENCRYPTED")) throw new CannotSign("foreign.locked");
  const plain = text.match(PLAIN);
  return plain ? unb64(plain[1].replace(/\s/g, "")) : bytes;
}

/** Both halves in WebCrypto, the private one not extractable, proved to be a pair. */
async function importPair(pkcs8, spki) {
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const privateKey = await crypto.subtle.importKey("pkcs8", pkcs8, algorithm, false, ["sign"]).catch(() => { throw new CannotSign("foreign.key"); });
  const publicKey = await crypto.subtle.importKey("spki", spki, algorithm, true, ["verify"]).catch(() => { throw new CannotSign("foreign.pair"); });
  const how = { name: "ECDSA", hash: "SHA-256" }, trial = utf8("gongheng: is this a pair?");
  if (!(await crypto.subtle.verify(how, publicKey, await crypto.subtle.sign(how, privateKey, trial), trial))) throw new CannotSign("foreign.pair");
  return { privateKey, publicKey };
}

/** The certificate that goes first is the one with the key; the others follow as they came. */
async function arrange(chain, pkcs8) {
  for (const pem of chain) {
    const read = await readCertificate(pem).catch(() => { throw new CannotSign("foreign.certificate"); });
    const pair = await importPair(pkcs8, read.spki).catch((fault) => { if (fault.code === "foreign.key") throw fault; return null; });
    if (pair) return { leaf: read, pair, chain: [pem, ...chain.filter((other) => other !== pem)] };
  }
  throw new CannotSign("foreign.pair");
}

async function enrol(form, button) {
  const [certificates, [keyFile]] = [[...form.elements.certificates.files], [...form.elements.key.files]];
  if (!certificates.length || !keyFile) throw new CannotSign("foreign.choose");
  const { leaf, pair, chain } = await arrange(await readChain(certificates), await readKey(keyFile));
  const label = form.elements.label.value.trim() || navigator.userAgentData?.platform || navigator.platform || "browser";
  const made = await adopt(account(), pair, leaf.spki);
  const title = button.textContent.trim();
  const viewText = tidy([title, label, `SHA-256 ${made.keyId}`, `SHA-256 ${leaf.sha256}`, made.recipient].join("\n"));
  const viewSha256 = await digestOfView(viewText);
  const agreed = await confirmAct({ title, viewText, viewSha256, stepUp: form.dataset.confirmed ? "" : "password+device" });
  if (!agreed) return false;
  const context = await openContext("PLATFORM");
  const body = { purpose: "device", spki: made.spki, recipient: made.recipient, label, certificate_sha256: await sha256Hex(leaf.der) };
  const payload = compose(context, made.keyId, { type: "device.enrol", case: "PLATFORM", prev: "", body, viewSha256 });
  const answer = await post("/api/v1/me/keys", { envelope: await signByDevice("device.enrol", payload, made), password: agreed.password, chain });
  const before = await device(account());
  await save({ ...made, credentialId: before?.credentialId, certificate: answer.certificate });
  return true;
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-foreign-key]");
  if (!form) return;
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  form.querySelector("[data-act-error]").replaceChildren();
  try {
    if (await enrol(form, button)) { announce(say("foreign.done")); location.reload(); }
  } catch (fault) {
    showFault(form, fault);
  } finally {
    button.disabled = false;
  }
});
