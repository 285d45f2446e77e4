// A score sheet: steps, grades and keys; drafts saved as one types, kept on this device while the line is down.
import { put, Unreachable } from "./http.js";
import { clockTime } from "./dom.js";
import { account } from "./http.js";
import { drop, keep, load } from "./store.js";
import { say } from "./texts.js";

const PAUSE = 800, RETRY = 5000, SCALE = 100;
const FORM = /^(0|[1-9]\d{0,3})(\.\d{1,2})?$/;

/** Scores are counted in hundredths, as whole numbers, so that no sum is ever rounded. */
const hundredths = (text) => {
  const [whole, part = ""] = text.split(".");
  return Number(whole) * SCALE + Number(part.padEnd(2, "0"));
};
const written = (count, places = 2) => {
  const text = `${Math.floor(count / SCALE)}.${String(count % SCALE).padStart(2, "0")}`;
  return places === 2 ? text : text.replace(/(\.\d)0$/, "$1");
};

class Sheet {
  constructor(form) {
    this.form = form;
    this.url = form.dataset.draftUrl;
    this.key = `${account()}|${this.url}`;
    this.rows = Array.from(form.querySelectorAll("[data-crit]"));
    form.addEventListener("input", (event) => this.changed(event.target.closest("[data-crit]")));
    form.addEventListener("focusin", (event) => this.light(event.target.closest("[data-crit]")));
    form.addEventListener("focusout", (event) => { if (event.target.matches(".scorebox input")) this.tidy(event.target); });
    form.addEventListener("click", (event) => this.clicked(event));
    form.addEventListener("keydown", (event) => this.pressed(event));
    document.addEventListener("keydown", (event) => { if (!event.target.closest("input, textarea, select, dialog")) this.walk(event); });
    window.addEventListener("pagehide", () => { if (this.timer) this.save(true); });
    document.addEventListener("click", (event) => this.leaving(event));
    window.addEventListener("online", () => { if (this.unsent) this.save(); });
    this.rows.forEach((row) => this.check(row));
    this.restore();
    this.total();
  }

  input(row) { return row.querySelector(".scorebox input"); }

  /** Text that was typed while the line was down comes back when the page does. */
  async restore() {
    const kept = this.url ? await load("drafts", this.key) : null;
    if (!kept) return;
    for (const [name, text] of [...Object.entries(kept.scores).map(([code, value]) => [`scores.${code}`, value]), ...Object.entries(kept.reasons).map(([code, value]) => [`reasons.${code}`, value])]) {
      const field = this.form.elements[name];
      if (field && !field.readOnly) field.value = text;
    }
    this.rows.forEach((row) => this.check(row));
    this.total();
    this.save();
  }

  light(row) {
    if (!row) return;
    for (const each of this.rows) each.toggleAttribute("data-on", each === row);
  }

  clicked(event) {
    const row = event.target.closest("[data-crit]");
    const button = event.target.closest("button");
    if (!row || !button || button.disabled) return;
    if ("less" in button.dataset) this.step(row, -1);
    if ("more" in button.dataset) this.step(row, 1);
    if ("high" in button.dataset) this.grade(row, button);
  }

  grade(row, button) {
    this.set(row, hundredths(button.dataset.high));
    this.input(row).select();
    this.light(row);
  }

  step(row, direction) {
    const step = hundredths(row.dataset.step), most = hundredths(row.dataset.max);
    const text = this.input(row).value.trim();
    const now = FORM.test(text) ? hundredths(text) : direction > 0 ? -step : most + step;
    this.set(row, Math.min(most, Math.max(0, now + direction * step)));
  }

  set(row, count) {
    if (this.input(row).readOnly) return;
    this.input(row).value = written(count, 1);
    this.changed(row);
  }

  tidy(input) {
    const text = input.value.trim();
    if (FORM.test(text)) input.value = written(hundredths(text), 1);
  }

  pressed(event) {
    const row = event.target.closest("[data-crit]");
    if (!row) return;
    const isScore = event.target.matches(".scorebox input");
    if (event.altKey && /^[1-9]$/.test(event.key)) {
      const button = row.querySelectorAll(".grades button")[Number(event.key) - 1];
      if (button) { event.preventDefault(); this.grade(row, button); }
    }
    if (!isScore) return;
    const deed = { ArrowUp: () => this.move(-1), ArrowDown: () => this.move(1), k: () => this.move(-1), j: () => this.move(1), K: () => this.move(-1), J: () => this.move(1), Enter: () => this.move(1), "+": () => this.step(row, 1), "=": () => this.step(row, 1), "-": () => this.step(row, -1) }[event.key];
    if (deed && !event.ctrlKey && !event.metaKey) { event.preventDefault(); deed(); }
  }

  walk(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^[jJkK]$/.test(event.key)) { event.preventDefault(); this.move(/[jJ]/.test(event.key) ? 1 : -1); return; }
    const row = this.rows.find((each) => each.hasAttribute("data-on"));
    if (row && /^\d$/.test(event.key)) { this.input(row).focus(); this.input(row).select(); } // the digit itself then goes into the field
  }

  move(by) {
    const at = this.rows.findIndex((row) => row.hasAttribute("data-on"));
    const next = this.rows[Math.min(this.rows.length - 1, Math.max(0, at + by))];
    this.light(next);
    this.input(next).focus();
    this.input(next).select();
    next.scrollIntoView({ block: "nearest" });
  }

  /** Marks a row whose score does not fit; the form can't be signed while one does. */
  check(row) {
    const input = this.input(row), text = input.value.trim();
    const box = row.querySelector(".scorebox"), error = row.querySelector(".err");
    const fits = !text || (FORM.test(text) && hundredths(text) <= hundredths(row.dataset.max));
    const onStep = !text || !fits || hundredths(text) % hundredths(row.dataset.step) === 0;
    box.toggleAttribute("data-empty", !text);
    box.toggleAttribute("data-bad", !(fits && onStep));
    const told = fits ? (onStep ? "" : say("score.step", { step: row.dataset.step })) : say("score.range", { max: row.dataset.max });
    if (error.textContent !== told) error.textContent = told;
    input.setCustomValidity(told);
    input.toggleAttribute("aria-invalid", Boolean(told));
    for (const button of row.querySelectorAll(".grades button")) {
      const isIn = fits && text && hundredths(text) >= hundredths(button.dataset.low) && hundredths(text) <= hundredths(button.dataset.high);
      button.setAttribute("aria-pressed", String(Boolean(isIn)));
    }
    return Boolean(text) && fits && onStep;
  }

  total() {
    const good = this.rows.filter((row) => this.check(row));
    const sum = good.reduce((count, row) => count + hundredths(this.input(row).value.trim()), 0);
    for (const place of this.form.querySelectorAll("[data-sheet-total]")) place.textContent = written(sum, 1);
    for (const place of this.form.querySelectorAll("[data-sheet-count]")) place.textContent = say("score.count", { done: good.length, all: this.rows.length });
  }

  said(text) { for (const place of this.form.querySelectorAll("[data-sheet-saved]")) place.textContent = text; }

  changed(row) {
    if (row) this.check(row);
    this.total();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  draft() {
    const fields = (prefix) => Object.fromEntries(Array.from(this.form.elements).filter((field) => field.name?.startsWith(prefix) && field.value.trim())
      .map((field) => [field.name.slice(prefix.length), field.value.trim()]));
    const scores = Object.fromEntries(Object.entries(fields("scores.")).filter(([, text]) => FORM.test(text)));
    return { scores, reasons: fields("reasons.") };
  }

  /** A link out of the page waits until the last key is saved: the sheet it leads to is to show it. */
  leaving(event) {
    const link = event.target.closest("a[href]");
    if (!link || !(this.timer || this.saving) || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || link.target) return;
    event.preventDefault();
    Promise.resolve(this.timer ? this.save() : this.saving).finally(() => location.assign(link.href));
  }

  save(isLeaving = false) {
    const saving = this.send(isLeaving).finally(() => { if (this.saving === saving) this.saving = null; });
    this.saving = saving;
    return saving;
  }

  async send(isLeaving) {
    clearTimeout(this.timer);
    this.timer = null;
    if (!this.url || this.form.hasAttribute("data-locked")) return;
    const draft = this.draft();
    this.said(say("score.saving"));
    const kept = keep("drafts", this.key, draft);
    if (!isLeaving) await kept; // a page that is going away has no time to wait for its own store
    const turn = (this.turn = (this.turn ?? 0) + 1);
    try {
      await put(this.url, draft, { tries: 1, quiet: true, keepalive: isLeaving });
      if (turn !== this.turn) return;
      this.unsent = false;
      await drop("drafts", this.key);
      this.said(say("score.saved", { time: clockTime() }));
    } catch (fault) {
      if (turn !== this.turn) return;
      if (!(fault instanceof Unreachable)) { this.said(fault.message); return; }
      this.unsent = true;
      this.said(say("score.local"));
      setTimeout(() => { if (this.unsent) this.save(); }, RETRY);
    }
  }
}

for (const form of document.querySelectorAll("[data-score-sheet]")) form.sheet = new Sheet(form);
