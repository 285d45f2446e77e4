// A score sheet: scores in every mode, grades, sums and keys; what is typed goes its way by drafts.js.
import { element } from "./dom.js";
import { Drafts } from "./drafts.js";
import { beside, fault, FORM, left, parts, press, written } from "./score-modes.js";
import { say } from "./texts.js";

const TONES = { saved: "ok", local: "warn", resending: "warn", refused: "bad", twice: "warn", merged: "warn" };

class Sheet {
  constructor(form) {
    this.form = form;
    this.rows = Array.from(form.querySelectorAll("[data-crit]"));
    form.addEventListener("input", (event) => this.typed(event.target));
    form.addEventListener("change", (event) => { if (event.target.matches("[data-points]")) this.ticked(event.target); });
    form.addEventListener("focusin", (event) => this.light(event.target.closest("[data-crit]")));
    form.addEventListener("focusout", (event) => { if (event.target.matches(".scorebox input")) this.tidy(event.target); });
    form.addEventListener("click", (event) => this.clicked(event));
    form.addEventListener("keydown", (event) => this.pressed(event));
    document.addEventListener("keydown", (event) => { if (!event.target.closest("input, textarea, select, dialog")) this.walk(event); });
    document.addEventListener("click", (event) => this.leaving(event));
    if (form.dataset.draftUrl && !form.hasAttribute("data-locked")) {
      const { draftUrl, bufferKey, draftSeq } = form.dataset;
      this.drafts = new Drafts({ url: draftUrl, key: bufferKey ?? "", seq: Number(draftSeq ?? 0), read: () => this.read(), write: (name, text) => this.write(name, text), compose: (fields) => this.compose(fields), told: (state, words) => this.told(state, words) });
      this.drafts.restore().catch((broken) => console.error(broken));
    }
    this.total();
  }

  input(row) { return row.querySelector(".scorebox input"); }

  // The fields by name, as they are kept and sent

  read() {
    const fields = {};
    for (const field of this.form.elements) {
      if (!field.name || field.type === "button") continue;
      if (field.type === "checkbox") (fields[field.name] ??= []).push(...(field.checked ? [field.value] : []));
      else fields[field.name] = field.value.trim();
    }
    return fields;
  }

  write(name, value) {
    const fields = Array.from(this.form.elements).filter((field) => field.name === name);
    for (const field of fields) {
      if (field.type === "checkbox") field.checked = value.includes(field.value);
      else if (document.activeElement !== field) field.value = value;
    }
    this.total();
  }

  /** What the platform takes: scores that fit, reasons, and ticks where something is ticked off; a score that does not fit stays here. */
  compose(fields) {
    const made = { scores: {}, reasons: {}, ...(this.form.querySelector("[data-points]") ? { ticks: {} } : {}) };
    for (const [name, value] of Object.entries(fields)) {
      const [part, code] = [name.slice(0, name.indexOf(".")), name.slice(name.indexOf(".") + 1)];
      const row = this.rows.find((each) => each.dataset.crit === code);
      if (!row || !value.length || (part === "scores" && fault(row, value))) continue;
      made[part][code] = value;
    }
    return made;
  }

  // Typing and pressing

  typed(field) {
    if (!field.name) return;
    this.total();
    this.drafts?.touch(field.name);
  }

  ticked(box) {
    const row = box.closest("[data-crit]");
    this.set(row, left(row));
    this.drafts?.touch(box.name);
  }

  light(row) {
    if (!row) return;
    for (const each of this.rows) each.toggleAttribute("data-on", each === row);
    this.form.dispatchEvent(new CustomEvent("gh:criterion", { bubbles: true, detail: { code: row.dataset.crit } }));
  }

  clicked(event) {
    const row = event.target.closest("[data-crit]");
    const button = event.target.closest("button");
    if (!row || !button || button.disabled) return;
    if ("less" in button.dataset) this.step(row, -1);
    if ("more" in button.dataset) this.step(row, 1);
    if ("full" in button.dataset) this.set(row, left(row));
    if ("high" in button.dataset) this.grade(row, button);
  }

  grade(row, button) {
    this.set(row, parts(button.dataset.high));
    this.input(row).select();
    this.light(row);
  }

  step(row, direction) {
    if ((row.dataset.mode || "range") === "deduction") { this.set(row, left(row)); return; }
    this.set(row, beside(row, this.input(row).value.trim(), direction));
  }

  set(row, count) {
    const input = this.input(row);
    if (this.form.hasAttribute("data-locked") || (input.readOnly && row.dataset.mode !== "deduction")) return;
    input.value = written(count);
    this.typed(input);
  }

  tidy(input) {
    const text = input.value.trim();
    if (FORM.test(text)) input.value = written(parts(text));
  }

  pressed(event) {
    const row = event.target.closest("[data-crit]");
    if (!row) return;
    const isScore = event.target.matches(".scorebox input");
    if (event.altKey && /^[1-9]$/.test(event.key)) {
      const button = row.querySelectorAll(".grades button")[Number(event.key) - 1] ?? row.querySelectorAll("[data-points]")[Number(event.key) - 1];
      if (button) { event.preventDefault(); "points" in button.dataset ? button.click() : this.grade(row, button); }
    }
    if (event.key === "Escape" && event.target.matches("input, textarea")) event.target.blur();
    if (!isScore) return;
    const deed = { ArrowUp: () => this.move(-1), ArrowDown: () => this.move(1), k: () => this.move(-1), j: () => this.move(1), K: () => this.move(-1), J: () => this.move(1), Enter: () => this.move(1), "+": () => this.step(row, 1), "=": () => this.step(row, 1), "-": () => this.step(row, -1) }[event.key];
    if (deed && !event.ctrlKey && !event.metaKey) { event.preventDefault(); deed(); }
  }

  walk(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^[jJkK]$/.test(event.key)) { event.preventDefault(); this.move(/[jJ]/.test(event.key) ? 1 : -1); return; }
    const row = this.rows.find((each) => each.hasAttribute("data-on"));
    if (!row) return;
    if (/^[+=-]$/.test(event.key)) { event.preventDefault(); this.step(row, event.key === "-" ? -1 : 1); return; }
    if (/^\d$/.test(event.key)) { this.input(row).focus(); this.input(row).select(); } // the digit itself then goes into the field
  }

  move(by) {
    const at = this.rows.findIndex((row) => row.hasAttribute("data-on"));
    this.turnTo(this.rows[Math.min(this.rows.length - 1, Math.max(0, at + by))]);
  }

  turnTo(row) {
    this.light(row);
    this.input(row).focus();
    this.input(row).select();
    row.scrollIntoView({ block: "nearest" });
  }

  /** The next criterion without a score: in this bid, else in the next bid that has one. */
  next() {
    const at = this.rows.findIndex((row) => row.hasAttribute("data-on"));
    const order = [...this.rows.slice(at + 1), ...this.rows.slice(0, at + 1)];
    const open = order.find((row) => !this.isDone(row));
    if (open) this.turnTo(open);
    else if (this.form.dataset.nextOpen) document.querySelector(`.bidlist a[href="${CSS.escape(this.form.dataset.nextOpen)}"]`)?.click();
  }

  // Checking and adding up

  isDone(row) {
    const text = this.input(row).value.trim();
    return Boolean(text) && !fault(row, text);
  }

  check(row) {
    const input = this.input(row), text = input.value.trim(), told = fault(row, text);
    const box = row.querySelector(".scorebox"), error = row.querySelector(".err");
    box.toggleAttribute("data-empty", !text);
    box.toggleAttribute("data-bad", Boolean(told));
    if (error.textContent !== told) error.textContent = told;
    input.setCustomValidity(told);
    input.toggleAttribute("aria-invalid", Boolean(told));
    press(row, text);
  }

  total() {
    for (const row of this.rows) this.check(row);
    const good = this.rows.filter((row) => this.isDone(row));
    const sum = good.reduce((count, row) => count + parts(this.input(row).value.trim()), 0);
    const open = this.rows.length - good.length + Number(this.form.dataset.openElsewhere ?? 0);
    const put = (mark, text) => { for (const place of document.querySelectorAll(`[data-sheet-${mark}]`)) place.textContent = text; };
    put("total", written(sum));
    put("count", say("score.count", { done: good.length, all: this.rows.length }));
    put("here", say("score.count", { done: good.length, all: this.rows.length }));
    put("open", open ? say("score.open", { count: open }) : say("score.none_open"));
  }

  told(state, words) {
    for (const place of this.form.querySelectorAll("[data-sheet-saved]")) {
      place.className = `tag ${TONES[state] ?? "line"}`;
      place.dataset.state = state;
      place.replaceChildren(element("span", {}, words));
    }
  }

  /** A link out of the page waits until the last key is saved, or safe on this device: the sheet it leads to is to show it. */
  leaving(event) {
    const link = event.target.closest("a[href]");
    if (!link || !this.drafts?.touched.size || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || link.target) return;
    event.preventDefault();
    this.drafts.settle().finally(() => location.assign(link.href));
  }
}

for (const form of document.querySelectorAll("[data-score-sheet]")) form.sheet = new Sheet(form);
