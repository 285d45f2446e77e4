// The sealing desk of a lot: files are packed, encrypted and hashed on this device, uploaded as ciphertext, and submitted with signed statements.
// What has been encrypted is kept in the browser's private file system, so that a closed tab or a dead line costs nothing.
import { account, get, put } from "./http.js";
import { confirm } from "./dialog.js";
import { announce, clockTime, download, netline, size } from "./dom.js";
import { checkBlind } from "./blind-check.js";
import { device } from "./devices.js";
import { trustedOffices } from "./lot-trust.js";
import { paused, run, stop } from "./seal-job.js";
import { readSealedSet } from "./seal-ready.js";
import { submitSeals } from "./seal-statements.js";
import { CannotSign, showFault } from "./sign.js";
import { drop, keep, load } from "./store.js";
import { say } from "./texts.js";
import { upload } from "./upload.js";

const CLIENT_BUILD = "gongheng-web/1";
const SPARE = 64 * 1024 * 1024;

const sentence = (fault) => {
  const code = fault?.name === "QuotaExceededError" || !fault ? "seal.device_full" : String(fault.code ?? "");
  return code.startsWith("seal.") ? Object.assign(new Error(say(code, fault?.facts)), { code }) : fault;
};

class Desk {
  constructor(root) {
    this.root = root;
    this.lot = root.dataset.lot;
    this.place = { case: root.dataset.case, lot: root.dataset.lotNo, ...(root.dataset.purpose ? { purpose: root.dataset.purpose } : {}) }; // of a bid nothing is said
    this.names = JSON.parse(root.dataset.envelopes);
    this.api = root.dataset.api;
    this.role = root.dataset.role;
    this.isPractice = "practice" in root.dataset;
    this.shelfName = [this.lot, root.dataset.purpose].filter(Boolean).join("~"); // an application for a lot lies apart from its bid
    this.key = `${account()}|${this.shelfName}`;
    this.words = JSON.parse(root.dataset.words ?? "[]"); // by which this bidder would be recognised
    this.tasks = [];
    this.phase = "idle";
    root.addEventListener("click", (event) => {
      const button = event.target.closest("[data-seal-do]");
      if (button && !button.disabled) this.act(button, button.dataset.sealDo);
    });
    root.addEventListener("change", (event) => {
      if (event.target.matches("[data-seal-ready]")) this.act(event.target, "ready");
      if (event.target.matches("[data-seal-files]")) { this.listFiles(event.target); this.checkMarks(event.target.closest("[data-envelope]").dataset.envelope); }
    });
    window.addEventListener("beforeunload", (event) => { if (this.phase === "working") event.preventDefault(); });
  }

  async open() {
    const kept = await load("seals", this.key);
    this.state = kept && (kept.case ?? this.place.case) === this.place.case ? kept : this.fresh(); // what another practice left is swept away
    await this.sweep();
    if (Object.keys(this.state.envelopes).length) this.say(say("seal.again"));
    for (const [env, kept] of Object.entries(this.state.envelopes)) this.show(env, kept.upload ? 100 : 0, 100, this.sealedText(kept));
    this.buttons();
  }

  /** Where this account's ciphertexts for this lot begin in the private file system. */
  get shelf() { return `${account()}.${this.shelfName}.`; }

  /** What a tab left that was closed in the middle of an encryption: its key is gone with the worker, so it can only be taken away. */
  async sweep() {
    const files = await navigator.storage.getDirectory();
    const kept = new Set(Object.values(this.state.envelopes).map(({ target }) => target));
    for await (const name of files.keys()) if (name.startsWith(this.shelf) && !kept.has(name)) await files.removeEntry(name).catch(() => {}); // one that another tab writes stays
  }

  fresh() { return { case: this.place.case, envelopes: {} }; }

  part(env) { return this.root.querySelector(`[data-envelope="${CSS.escape(env)}"]`); }
  keep() { return keep("seals", this.key, this.state); }
  sealedText(kept) { return kept.upload ? say("seal.uploaded") : say("seal.sealed", { size: size(kept.body.ct_size), digest: kept.body.ct_sha256.slice(0, 8) }); }

  say(text) {
    const place = this.root.querySelector("[data-seal-state]");
    if (place) place.textContent = text;
    announce(text);
  }

  show(env, done, ahead, text) {
    const place = this.part(env)?.querySelector("[data-seal-progress]");
    if (!place) return;
    const bar = place.querySelector("svg");
    bar?.setAttribute("aria-valuenow", String(Math.floor(done)));
    bar?.querySelector(".ahead")?.setAttribute("width", String(Math.max(done, ahead)));
    bar?.querySelector(".done, .full")?.setAttribute("width", String(done));
    const words = place.querySelector(".sub") ?? place;
    words.textContent = text;
  }

  listFiles(input) {
    const list = this.part(input.closest("[data-envelope]").dataset.envelope).querySelector("[data-seal-list]");
    list?.replaceChildren(...Array.from(input.files, (file) => Object.assign(document.createElement("li"), { textContent: `${file.name} · ${size(file.size)}` })));
  }

  /** What could tell whose a blind envelope is, shown beside its files; resolves to how many marks there are. */
  async checkMarks(env) {
    const part = this.part(env);
    if (!part.dataset.blind) return 0;
    const files = Array.from(part.querySelector("[data-seal-files]").files);
    return checkBlind(part.querySelector("[data-seal-marks]"), files, JSON.parse(part.dataset.blind), this.words);
  }

  /** Whether the bidder goes on in spite of marks, after having been asked once. */
  async mayGoOn() {
    let count = 0;
    for (const env of this.names) if (!this.state.envelopes[env]) count += await this.checkMarks(env);
    return !count || confirm({ title: say("mark.anyway_title"), object: this.root.dataset.object ?? this.lot, finalText: say("mark.anyway_final", { count }), ok: say("mark.anyway") });
  }

  buttons() {
    const sealed = this.names.every((env) => this.state.envelopes[env]);
    const uploaded = sealed && this.names.every((env) => this.state.envelopes[env].upload);
    const can = {
      recovery: this.phase === "idle" && !sealed, start: this.phase !== "working" && !uploaded, pause: this.phase === "working",
      submit: this.phase !== "working" && uploaded, discard: this.phase !== "working" && Object.keys(this.state.envelopes).length > 0,
    };
    for (const button of this.root.querySelectorAll("[data-seal-do]")) button.disabled = !can[button.dataset.sealDo];
    for (const input of this.root.querySelectorAll("[data-seal-files], [data-seal-item], [data-seal-ready]")) input.disabled = this.phase === "working" || Boolean(this.state.envelopes[input.closest("[data-envelope]")?.dataset.envelope]);
  }

  async act(owner, what) {
    this.root.querySelector("[data-act-error]")?.replaceChildren();
    try {
      await this[what](owner);
    } catch (fault) {
      if (fault?.name !== "Paused") showFault(this.root.querySelector(".actions") ?? owner, sentence(fault));
    } finally {
      if (what !== "pause" && this.phase === "working") this.phase = "idle";
      this.buttons();
    }
  }

  /** A key for the day when this device is lost: only its holder has it, we keep the public half. */
  async recovery() {
    const { generateX25519Identity, identityToRecipient } = await import("../vendor/sealing/1/sealing.js");
    const secret = await generateX25519Identity();
    this.state.recovery = await identityToRecipient(secret);
    await this.keep();
    download(`recovery-${this.lot}.txt`, `# ${say("seal.recovery", { number: this.lot })}\n# public key: ${this.state.recovery}\n${secret}\n`, "text/plain");
  }

  async start() {
    if (!this.state.recovery && !this.names.every((env) => this.state.envelopes[env])) throw Object.assign(new Error(), { code: "seal.recovery_need" });
    if (!(await this.mayGoOn())) return;
    this.phase = "working";
    this.buttons();
    await this.sealAll();
    await put(`${this.api}/bid/draft`, {}); // what is unfinished at the deadline counts as withdrawn
    await this.uploadAll();
    this.say(say("seal.uploaded"));
  }

  bidOf(env) {
    const bid = { items: {} };
    for (const input of this.part(env).querySelectorAll("[data-seal-item]")) {
      const text = input.value.trim().normalize("NFC");
      if (!text && input.required) { input.focus(); throw new Error(`${input.labels?.[0]?.textContent.replace("*", "").trim() ?? input.dataset.sealItem}：${say("form.required")}`); }
      if (!text) continue;
      if (input.dataset.sealItem !== "price") { bid.items[input.dataset.sealItem] = text; continue; }
      const plain = text.replace(/[,，\s¥]/g, "");
      if (!/^\d{1,13}(\.\d{1,2})?$/.test(plain)) { input.focus(); throw new Error(say("form.fen")); }
      const [yuan, cents = ""] = plain.split(".");
      bid.price = `${yuan}.${cents.padEnd(2, "0")}`;
    }
    return bid;
  }

  async sealAll() {
    const open = this.names.filter((env) => !this.state.envelopes[env]);
    if (!open.length) return;
    const mine = await device(account());
    if (!mine) throw new CannotSign("act.no_key");
    const inputs = open.map((env) => {
      const files = Array.from(this.part(env).querySelector("[data-seal-files]")?.files ?? []);
      if (!files.length) throw Object.assign(new Error(), { code: "seal.no_files", facts: { env: this.titleOf(env) } });
      return { env, files, bid: this.bidOf(env) };
    });
    const need = inputs.flatMap(({ files }) => files).reduce((sum, file) => sum + file.size, SPARE);
    const room = await navigator.storage.estimate();
    if (room.quota - room.usage < need) throw Object.assign(new Error(), { code: "seal.no_space", facts: { need: size(need) } });
    const lotFile = await get(`${this.api}/lot-file`);
    const bid = await get(`${this.api}/bid`);
    const offices = lotFile.escrow === "none" ? {} : await trustedOffices(lotFile, Date.parse(bid.now));
    for (const { env, files, bid: content } of inputs) {
      const place = { ...this.place, env, ver: bid.next_ver, bidder: bid.org };
      const target = `${this.shelf}${env}.${Date.now()}.age`;
      const job = { files, bid: content, target, place, offices, bidder: [mine.recipient, this.state.recovery], clientBuild: CLIENT_BUILD, consortium: bid.consortium };
      const made = await run("seal", job, ({ phase, done, all }) => {
        const percent = all ? Math.floor((done / all) * 100) : 100;
        this.show(env, 0, phase === "sealing" ? percent : 0, say(phase === "sealing" ? "seal.sealing" : "seal.packing", { percent }));
      });
      this.state.envelopes[env] = { ...made, target };
      await this.keep();
      this.show(env, 0, 100, this.sealedText(this.state.envelopes[env]));
    }
  }

  async uploadAll() {
    for (const env of this.names) {
      const kept = this.state.envelopes[env];
      if (!kept.upload) await this.uploadOne(env, kept);
    }
  }

  async uploadOne(env, kept) {
    const began = performance.now();
    let first = null;
    const task = upload(await this.blobOf(kept), {
      url: kept.url ?? null,
      practice: this.isPractice,
      onUrl: (url) => { kept.url = url; this.keep(); },
      onProgress: (done, all) => {
        first ??= done;
        const rate = ((done - first) / Math.max(performance.now() - began, 1)) * 1000;
        this.show(env, (done / all) * 100, 100, say("seal.uploading", { percent: Math.floor((done / all) * 100), done: size(done), all: size(all), rate: size(Math.round(rate)) }));
      },
      onBroken: () => { const text = say("seal.broken", { time: clockTime() }); netline(text); this.say(text); },
      onResumed: () => { netline(""); this.say(say("seal.resumed")); },
    });
    this.tasks = [task];
    this.halted = null;
    kept.upload = await Promise.race([task.done, new Promise((_, fail) => { this.halted = fail; })]);
    await this.keep();
    this.show(env, 100, 100, this.sealedText(kept));
  }

  async blobOf(kept) {
    if (kept.blob) return kept.blob;
    return (await (await navigator.storage.getDirectory()).getFileHandle(kept.target)).getFile();
  }

  async pause() {
    this.tasks.forEach((task) => task.pause());
    stop();
    this.halted?.(paused());
    this.phase = "idle";
    this.say(say("seal.paused"));
  }

  titleOf(env) { return this.part(env)?.dataset.title ?? env; }

  async submit(button) {
    const envelopes = this.names.map((env) => ({ title: this.titleOf(env), ...this.state.envelopes[env] }));
    const answer = await submitSeals({ place: this.place, role: this.role, url: `${this.api}/bid/seal`, envelopes, title: button.textContent.trim(), object: this.root.dataset.object ?? this.lot })
      .catch((fault) => {
        if (fault.problem?.trace) download(`${fault.problem.trace.id}.json`, JSON.stringify(fault.problem.trace));
        throw fault;
      });
    if (!answer) return;
    await this.clear();
    this.say(say("seal.done"));
    const goOn = this.root.dispatchEvent(new CustomEvent("gh:sealed", { bubbles: true, cancelable: true, detail: { answer } }));
    if (goOn && this.root.dataset.done) location.assign(this.root.dataset.done);
  }

  async discard() {
    if (!(await confirm({ title: say("seal.discard_title"), object: this.root.dataset.object ?? this.lot, finalText: say("seal.discard_final") }))) return;
    await this.clear();
    for (const env of this.names) this.show(env, 0, 0, "");
    this.say("");
  }

  async clear() {
    const files = await navigator.storage.getDirectory();
    for (const kept of Object.values(this.state.envelopes)) await files.removeEntry(kept.target).catch(() => {});
    this.state = this.fresh();
    await drop("seals", this.key);
  }

  /** A set made by the offline sealer: checked, then uploaded and signed like our own. */
  async ready(input) {
    const files = Array.from(input.files);
    input.value = ""; // so that the same names, corrected, count as a new choice
    this.phase = "working"; // until the set is checked nothing else begins
    this.buttons();
    const bid = await get(`${this.api}/bid`);
    const found = await readSealedSet(files, { ...this.place, ver: bid.next_ver, bidder: bid.org, envs: this.names });
    for (const [env, kept] of Object.entries(found)) { this.state.envelopes[env] = kept; this.show(env, 0, 100, this.sealedText(kept)); }
    await this.keep();
  }
}

for (const root of document.querySelectorAll("[data-seal]")) {
  const desk = new Desk(root);
  desk.open().catch((fault) => showFault(root.querySelector(".actions") ?? root, fault));
}
