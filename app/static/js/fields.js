// A form's fields become a signed body: typed by data-type, nested by name; what is wrong is said beside the field.
import { icon } from "./dom.js";
import { say } from "./texts.js";

class Misfit extends Error {}

const READERS = {
  text: (text) => text.trim(),
  integer: (text) => { if (!/^-?\d{1,15}$/.test(text.trim())) throw new Misfit(say("form.integer")); return Number(text.trim()); },
  decimal: (text, field) => {
    const places = Number(field.dataset.places ?? 6);
    const plain = text.trim().replace(/,/g, "");
    if (!new RegExp(`^-?(0|[1-9]\\d{0,14})(\\.\\d{1,${places}})?$`).test(plain)) throw new Misfit(say("form.decimal", { places }));
    return plain;
  },
  fen: (text) => {
    const plain = text.trim().replace(/[,，\s¥]/g, "");
    if (!/^\d{1,13}(\.\d{1,2})?$/.test(plain)) throw new Misfit(say("form.fen"));
    const [yuan, cents = ""] = plain.split(".");
    return Number(yuan + cents.padEnd(2, "0"));
  },
  moment: (text) => {
    const when = new Date(`${text.length === 16 ? `${text}:00` : text}+08:00`);
    if (Number.isNaN(when.getTime())) throw new Misfit(say("form.moment"));
    return when.toISOString();
  },
  list: (text) => text.split("\n").map((line) => line.trim()).filter(Boolean),
  json: (text) => { try { return JSON.parse(text); } catch { throw new Misfit(say("form.json")); } },
};

function valueOf(field, form) {
  const type = field.dataset.type ?? "text";
  if (field.type === "checkbox") {
    if (type === "list") return Array.from(form.querySelectorAll(`input[name="${CSS.escape(field.name)}"]:checked`), (box) => box.value);
    return type === "boolean" ? field.checked : field.checked ? field.value : undefined;
  }
  if (field.type === "radio") {
    if (!field.checked) return undefined;
    return type === "boolean" ? field.value === "true" : (READERS[type] ?? READERS.text)(field.value, field);
  }
  const text = field.value;
  if (field.required && !text.trim()) throw new Misfit(say("form.required"));
  if (!text.trim() && field.hasAttribute("data-optional")) return undefined;
  return (READERS[type] ?? READERS.text)(text, field);
}

/** Puts a value at a dotted name; `items[].x` goes into the row that the field stands in. */
function place(target, name, value, row) {
  const steps = name.split(".");
  let at = target;
  steps.forEach((step, index) => {
    const isLast = index === steps.length - 1;
    const many = step.endsWith("[]");
    const key = many ? step.slice(0, -2) : step;
    if (many) {
      at[key] ??= [];
      if (isLast) { at[key].push(value); return; }
      at = at[key][row] ??= {};
    } else if (isLast) at[key] = value;
    else at = at[key] ??= {};
  });
}

/** `{body, extra}` of a form, or null after the faults have been shown. Text of passwords and files is never taken. */
export function collect(form) {
  clearErrors(form);
  const rows = Array.from(form.querySelectorAll("[data-row]"));
  const found = { body: {}, extra: {} };
  const faults = [];
  for (const field of form.elements) {
    if (!field.name || field.disabled || field.closest("[data-skip]") || ["submit", "button", "password", "file", "fieldset"].includes(field.type)) continue;
    try {
      const value = valueOf(field, form);
      if (value !== undefined) place(field.dataset.to === "extra" ? found.extra : found.body, field.name, value, rows.indexOf(field.closest("[data-row]")));
    } catch (fault) {
      if (!(fault instanceof Misfit)) throw fault;
      faults.push({ field: field.name, sentence: fault.message });
    }
  }
  if (!faults.length) return found;
  showErrors(form, faults);
  return null;
}

export function clearErrors(form) {
  for (const place of form.querySelectorAll("[data-error-for]")) place.replaceChildren();
  for (const field of form.querySelectorAll('[aria-invalid="true"]')) field.removeAttribute("aria-invalid");
  for (const field of form.querySelectorAll(".field.bad")) field.classList.remove("bad");
}

/** Shows `{field, sentence}` faults beside their fields and goes to the first; returns those that have no field here. */
export function showErrors(form, faults) {
  const homeless = [];
  let first = null;
  for (const { field: name, sentence } of faults) {
    const short = String(name ?? "").split(".").filter((step) => step !== "body" && step !== "envelope").join(".");
    const beside = form.querySelector(`[data-error-for="${CSS.escape(short)}"]`);
    const field = form.elements?.[short];
    if (!beside) { homeless.push(sentence); continue; }
    beside.replaceChildren(icon("bad"), sentence);
    beside.closest(".field")?.classList.add("bad");
    const control = field instanceof RadioNodeList ? field[0] : field;
    control?.setAttribute("aria-invalid", "true");
    first ??= control;
  }
  first?.focus();
  return homeless;
}
