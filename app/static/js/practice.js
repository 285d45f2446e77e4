// The practice page: this browser, its disk, its clock and its line, tried with the very means that seal a real bid; each with what to do.
import { account, Refused } from "./http.js";
import { clockError, serverNow, synchronise } from "./clock.js";
import { device, make } from "./devices.js";
import { announce, icon, size } from "./dom.js";
import { run } from "./seal-job.js";
import { drop, keep } from "./store.js";
import { say } from "./texts.js";

const LARGEST = 2 * 1024 ** 3 + 64 * 1024 ** 2; // an envelope of 2 GB and what sealing adds
const TRIAL = 4 * 1024 ** 2; // sent to measure the line
const SKEW = 2000, SLOW = 256 * 1024; // ms, B/s
const ICONS = { ok: "check", warn: "warn", bad: "bad", open: "ring" };

const ok = (code, facts) => ({ state: "ok", text: say(code, facts) });
const warn = (code, facts) => ({ state: "warn", text: say(code, facts) });
const bad = (code, facts) => ({ state: "bad", text: say(code, facts) });

/** Keys that can be made but not taken out, and a place in which to keep them. */
async function browser() {
  if (!window.isSecureContext || !crypto.subtle) return bad("check.insecure");
  await make(account());
  await keep("seals", `${account()}|check`, {});
  await drop("seals", `${account()}|check`);
  return ok("check.browser");
}

/** A few bytes through the real worker: encrypted, hashed and written to the browser's private file system. */
async function sealing() {
  const { recipient } = await make(account());
  const target = `${account()}.check.${Date.now()}.age`;
  const place = { case: "check", lot: "check", env: "check", ver: 1, bidder: "check" };
  try {
    await run("seal", { files: [new File(["check"], "check.txt")], bid: {}, target, place, offices: {}, bidder: [recipient], clientBuild: "check" });
  } finally {
    await (await navigator.storage.getDirectory()).removeEntry(target).catch(() => {});
  }
  return ok("check.sealing");
}

async function key() {
  const mine = await device(account());
  return mine ? ok("check.key") : bad("check.no_key");
}

async function disk() {
  const { quota, usage } = await navigator.storage.estimate();
  const free = Math.max(quota - usage, 0);
  return free < LARGEST ? warn("check.little_room", { free: size(free) }) : ok("check.room", { free: size(free) });
}

async function clock() {
  if (!(await synchronise())) return bad("check.no_clock");
  const behind = Math.round(serverNow() - Date.now());
  const facts = { seconds: (Math.abs(behind) / 1000).toFixed(1), error: clockError() };
  return Math.abs(behind) > SKEW ? warn(behind > 0 ? "check.clock_slow" : "check.clock_fast", facts) : ok("check.clock", facts);
}

const tus = (method, url, headers, body) => fetch(url, { method, body, credentials: "same-origin", headers: { "Tus-Resumable": "1.0.0", ...headers } }).then((answer) => {
  if (!answer.ok) throw new Refused(answer.status, {});
  return answer;
});

/** An upload that stays one byte short and is taken back: nothing of it is kept. */
async function line() {
  const began = await tus("POST", "/uploads/", { "Upload-Length": String(TRIAL + 1), "Upload-Metadata": "practice MQ==" });
  const url = new URL(began.headers.get("Location"), location.href).pathname;
  const bytes = new Uint8Array(TRIAL);
  for (let at = 0; at < TRIAL; at += 65536) crypto.getRandomValues(bytes.subarray(at, at + 65536));
  const start = performance.now();
  try {
    await tus("PATCH", url, { "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream" }, bytes);
  } finally {
    await tus("DELETE", url, {}).catch(() => {});
  }
  const rate = TRIAL / (Math.max(performance.now() - start, 1) / 1000);
  const facts = { rate: size(Math.round(rate)), minutes: Math.max(1, Math.ceil(100e6 / rate / 60)) };
  return rate < SLOW ? warn("check.line_slow", facts) : ok("check.line", facts);
}

const CHECKS = { browser, sealing, key, disk, clock, line };

function show(item, { state, text }) {
  item.className = state;
  item.replaceChildren(icon(ICONS[state]), Object.assign(document.createElement("span"), { textContent: text }));
}

async function check(list) {
  const found = [];
  for (const item of list.querySelectorAll("[data-check-item]")) {
    show(item, { state: "open", text: say("check.running") });
    const result = await CHECKS[item.dataset.checkItem]().catch(() => bad(`check.${item.dataset.checkItem}_failed`));
    show(item, result);
    found.push(result);
  }
  const worst = found.some(({ state }) => state === "bad") ? "check.bad" : found.some(({ state }) => state === "warn") ? "check.warn" : "check.good";
  list.parentElement.querySelector("[data-check-result]").textContent = say(worst);
  announce(say(worst));
}

/** What a practice that is over left in this browser. */
async function tidy(lot) {
  const files = await navigator.storage.getDirectory();
  for await (const name of files.keys()) if (name.startsWith(`${account()}.${lot}.`)) await files.removeEntry(name).catch(() => {});
  await drop("seals", `${account()}|${lot}`);
}

for (const button of document.querySelectorAll("[data-check]")) {
  const list = document.querySelector("[data-check-list]");
  button.addEventListener("click", async () => {
    button.disabled = true;
    await check(list).finally(() => { button.disabled = false; });
  });
}
if (!document.querySelector("[data-seal]")) for (const page of document.querySelectorAll("[data-practice-page]")) tidy(page.dataset.practicePage).catch(() => {});
