// The drafts of one sheet on their way to the platform: kept on this device first, under the seat's own key, sent in order, sent again when the
// line breaks, and merged field by field where another window of the same seat has written meanwhile.
import { put, Unreachable } from "./http.js";
import { drop, keep, load } from "./store.js";
import { hex, sha256Hex, unhex, utf8 } from "./statement.js";
import { clockTime } from "./dom.js";
import { say } from "./texts.js";

const PAUSE = 800, RETRY = [1500, 3000, 5000], PATIENCE = 8000;

/** A box in this browser's store that only the seat's key opens, under a name that tells nobody whose it is. */
export class Box {
  constructor(keyHex, name) { this.keyHex = keyHex; this.name = name; }

  async place() { return (this.at ??= `seat|${await sha256Hex(utf8(`${this.keyHex}|${this.name}`))}`); }

  key() { return (this.made ??= crypto.subtle.importKey("raw", unhex(this.keyHex), "AES-GCM", false, ["encrypt", "decrypt"])); }

  async put(value) {
    if (!this.keyHex) return;
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await this.key(), utf8(JSON.stringify(value)));
    await keep("drafts", await this.place(), { iv: hex(iv), sealed: new Uint8Array(sealed) });
  }

  async get() {
    if (!this.keyHex) return null;
    const held = await load("drafts", await this.place());
    if (!held?.sealed) return null;
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: unhex(held.iv) }, await this.key(), held.sealed).catch(() => null);
    return plain && JSON.parse(new TextDecoder().decode(plain));
  }

  async clear() { if (this.keyHex) await drop("drafts", await this.place()); }
}

export class Drafts {
  /** `form`: {url, key, seq, read() → {name: text}, write(name, text), compose(fields) → what is sent, told(state, words)}. */
  constructor(form) {
    this.form = form;
    this.box = new Box(form.key, form.url);
    this.tab = crypto.randomUUID();
    this.number = 0;
    this.seq = form.seq;
    this.touched = new Map(); // field → how often it has been changed since the platform last had it
    this.turn = 0;
    window.addEventListener("online", () => this.hurry());
    window.addEventListener("pagehide", () => { if (this.touched.size && !this.isOver) this.put(true); });
    window.addEventListener("beforeunload", () => this.leave());
    if (window.BroadcastChannel && form.key) this.greet();
  }

  /** Another window of the same seat with the same sheet is told apart, and told. */
  async greet() {
    this.others = new BroadcastChannel(`draft ${await this.box.place()}`);
    this.others.addEventListener("message", ({ data }) => {
      if (data.tab === this.tab) return;
      if (data.kind === "hello") this.others.postMessage({ kind: "here", tab: this.tab });
      if (data.kind !== "saved") this.form.told("twice", say("score.windows"));
    });
    this.others.postMessage({ kind: "hello", tab: this.tab });
  }

  /** What was typed here and has not come to the platform stands in the sheet again, whatever happened to the page. */
  async restore() {
    const held = await this.box.get();
    if (!held) return;
    for (const name of held.touched) {
      if (this.touched.has(name)) continue;
      this.form.write(name, held.fields[name] ?? "");
      this.touched.set(name, 1);
    }
    this.told("local");
    this.hurry();
  }

  touch(name) {
    this.touched.set(name, (this.touched.get(name) ?? 0) + 1);
    this.keeping = this.box.put({ fields: this.form.read(), touched: Array.from(this.touched.keys()) }).catch(() => {});
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.hurry(), PAUSE);
    this.told(this.isDown ? "local" : "saving");
  }

  /** Nothing is left to send, or the line is down and what is left stands in this browser. */
  async settle() {
    if (this.touched.size) await Promise.race([this.hurry(), new Promise((done) => setTimeout(done, 3000))]);
    await this.keeping;
  }

  hurry() {
    clearTimeout(this.timer);
    this.timer = null;
    if (!this.touched.size) return Promise.resolve();
    this.sending ??= this.send().finally(() => { this.sending = null; });
    return this.sending;
  }

  async send() {
    while (this.touched.size && !this.isOver) {
      const before = new Map(this.touched);
      if (this.isDown) this.told("resending");
      let answer;
      try {
        await this.keeping;
        answer = await this.put(false);
      } catch (fault) {
        this.failed(fault);
        return;
      }
      this.isDown = false;
      this.turn = 0;
      if (this.isPaused) document.dispatchEvent(new CustomEvent("gh:resumed"));
      this.isPaused = false;
      this.seq = answer.seq ?? this.seq;
      if (answer.saved === false) { this.merge(answer.kept); continue; }
      for (const [name, count] of before) if (this.touched.get(name) === count) this.touched.delete(name);
      this.others?.postMessage({ kind: "saved", tab: this.tab });
    }
    if (this.isOver) return;
    if (!this.isLeaving) await this.box.clear();
    this.told("saved");
  }

  /** The next page may have been rendered before what is on its way has come in: until it is there, the copy in this browser stays. */
  leave() {
    this.isLeaving = true;
    setTimeout(() => { this.isLeaving = false; if (!this.touched.size) this.box.clear().catch(() => {}); }, PATIENCE);
  }

  put(isLeaving) {
    this.number += 1;
    const body = { ...this.form.compose(this.form.read()), tab: this.tab, number: this.number, base: this.seq };
    return put(this.form.url, body, { tries: 1, quiet: true, keepalive: isLeaving, timeout: PATIENCE });
  }

  /** Another window wrote meanwhile: its fields are taken over, but for those that were typed here since. */
  merge(kept) {
    const theirs = {};
    for (const [part, fields] of Object.entries(kept)) for (const [code, value] of Object.entries(fields)) theirs[`${part}.${code}`] = value;
    for (const name of Object.keys(this.form.read())) if (!this.touched.has(name)) this.form.write(name, theirs[name] ?? "");
    this.form.told("merged", say("score.merged"));
  }

  failed(fault) {
    this.isPaused = fault.code === "room.paused"; // kept here, and sent when the room goes on
    if (this.isPaused) document.dispatchEvent(new CustomEvent("gh:paused"));
    const isDown = this.isPaused || fault instanceof Unreachable || fault.status >= 500 || fault.status === 429;
    if (!isDown) {
      this.isOver = fault.status === 409 || fault.status === 403;
      this.told("refused", fault.message);
      return;
    }
    this.isDown = true;
    this.told("local");
    this.timer = setTimeout(() => this.hurry(), RETRY[Math.min(this.turn, RETRY.length - 1)]);
    this.turn += 1;
  }

  told(state, words = "") {
    const said = { saved: () => say("score.saved", { time: clockTime() }), saving: () => say("score.saving"), local: () => say(this.isPaused ? "score.paused" : "score.local", { count: this.touched.size }), resending: () => say("score.resending", { count: this.touched.size }) }[state];
    this.form.told(state, said ? said() : words);
  }
}
