// One's own sealed bid, looked at again: the ciphertext that the platform keeps is compared with the receipt, and opened on this device to be read.
// What is decrypted stays in this page; the platform neither gets it nor is told that anybody looked.
import { account, get } from "./http.js";
import { device } from "./devices.js";
import { element, icon, size } from "./dom.js";
import { recoveryKey } from "./own-key.js";
import { run } from "./seal-job.js";
import { CannotSign, showFault } from "./sign.js";
import { unb64 } from "./statement.js";
import { say } from "./texts.js";

const OURS = /^(own|release)\./;
const PRICE = "price";

/** What the platform signed for: the digest and length on the receipt. */
async function receiptOf(root, part) {
  const file = await get(`${root.dataset.receipts}/${encodeURIComponent(part.dataset.receipt)}`);
  return JSON.parse(new TextDecoder().decode(unb64(file.receipt.payload))).body;
}

function tell(part, found, receipt, otherwise) {
  const isSame = found.ct_sha256 === receipt.ct_sha256 && found.ct_size === receipt.ct_size;
  const facts = { size: receipt.ct_size.toLocaleString("en-US"), digest: receipt.ct_sha256 };
  const words = say(isSame ? "own.same" : otherwise, facts);
  part.querySelector("[data-own-digest]").replaceChildren(element("div", { className: `notice ${isSame ? "ok" : "bad"}` }, icon(isSame ? "check" : "bad"), element("div", { className: "wrapany" }, words)));
}

const progress = (part) => ({ phase, done, all }) => {
  part.querySelector("[data-own-state]").textContent = say(`own.${phase}`, { percent: all ? Math.floor((done / all) * 100) : 100 });
};

const envelope = (root, part) => `${root.dataset.ownBid}/bid/envelopes/${encodeURIComponent(part.dataset.env)}`;
const ciphertext = (root, part) => new URL(`${envelope(root, part)}/ciphertext`, location.href).href;

async function compare(root, part) {
  const receipt = await receiptOf(root, part);
  tell(part, await run("compare", { url: ciphertext(root, part) }, progress(part)), receipt, "own.differs");
}

async function compareFile(root, part, file) {
  const receipt = await receiptOf(root, part);
  tell(part, await run("digest", { file }), receipt, "own.file_differs");
}

async function preview(root, part, identity) {
  const receipt = await receiptOf(root, part);
  const box = await get(`${envelope(root, part)}/bidder-box`);
  const found = await run("reopen", { url: ciphertext(root, part), box, identity }, progress(part));
  tell(part, found, receipt, "own.differs");
  show(root, part, found);
}

async function ownKey() {
  const mine = await device(account());
  if (!mine) throw new CannotSign("act.no_key");
  return mine.sealing;
}

/** The entries that will be read out, then the files; nothing is taken for markup. */
function show(root, part, { bid, files }) {
  const titles = JSON.parse(part.dataset.fields);
  const items = [[PRICE, bid?.price], ...Object.entries(bid?.items ?? {})].filter(([, said]) => said);
  const entries = element("dl", { className: "dl" }, ...items.flatMap(([name, said]) => [element("dt", {}, titles[name] ?? name), element("dd", { className: name === PRICE ? "mono" : "" }, said)]));
  const rows = files.map((file) => element("li", { className: "row" }, element("span", { className: "grow wrapany" }, `${file.name} · ${size(file.blob.size)}`), ...buttonsOf(root, file)));
  part.querySelector("[data-own-content]").replaceChildren(element("p", { className: "s13 muted" }, say("own.opened")), entries, element("ul", { className: "stack tight" }, ...rows));
}

function buttonsOf(root, { name, blob }) {
  const save = element("button", { type: "button", className: "btn sm" }, icon("download"), say("own.save"));
  save.addEventListener("click", () => saveAs(name, blob));
  if (!/\.pdf$/i.test(name)) return [save];
  const look = element("button", { type: "button", className: "btn sm" }, icon("eye"), say("own.show"));
  look.addEventListener("click", () => showPdf(root, name, blob));
  return [look, save];
}

function saveAs(name, blob) {
  const url = URL.createObjectURL(blob);
  element("a", { href: url, download: name.split("/").pop() }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
}

async function showPdf(root, name, blob) {
  const { Pane, failed } = await import("./pdf-pane.js");
  const pane = root.querySelector("template").content.firstElementChild.cloneNode(true);
  pane.setAttribute("aria-label", name);
  pane.querySelector(".pages").setAttribute("aria-label", name);
  root.querySelector("[data-own-pdf]").replaceChildren(element("h3", { className: "wrapany" }, name), pane);
  const opened = (pane.pdfPane = new Pane(pane, new Uint8Array(await blob.arrayBuffer())));
  await opened.open().catch((fault) => failed(opened, fault));
  pane.scrollIntoView({ block: "nearest" });
}

/** A refusal in words; what the cipher says of bytes that are not authentic has no code of its own. */
function sentence(fault) {
  const code = OURS.test(fault.code ?? "") ? fault.code : fault.name === "Error" && !fault.code ? "own.damaged" : "";
  return code ? Object.assign(new Error(say(code)), { code }) : fault;
}

async function act(root, owner, deed) {
  const part = owner.closest("[data-env]");
  const buttons = root.querySelectorAll("button, input");
  part.querySelector("[data-act-error]").replaceChildren();
  for (const button of buttons) button.disabled = true;
  try {
    await deed(part);
  } catch (fault) {
    showFault(owner, sentence(fault));
  } finally {
    part.querySelector("[data-own-state]").textContent = "";
    for (const button of buttons) button.disabled = false;
  }
}

const DEEDS = { compare: (root, part) => compare(root, part), preview: async (root, part) => preview(root, part, await ownKey()) };
const FILES = { file: compareFile, recovery: async (root, part, file) => preview(root, part, await recoveryKey(file)) };

for (const root of document.querySelectorAll("[data-own-bid]")) {
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-own-do]");
    if (button) act(root, button, (part) => DEEDS[button.dataset.ownDo](root, part));
  });
  root.addEventListener("change", (event) => {
    const picker = event.target.closest("[data-own-file]");
    if (!picker?.files[0]) return;
    const [file] = picker.files;
    picker.value = "";
    act(root, picker, (part) => FILES[picker.dataset.ownFile](root, part, file));
  });
}
