// How a criterion is scored: within a range, by fixed steps, passed or failed, or full marks less what is ticked. Counted in whole parts of a point.
import { say } from "./texts.js";

const PLACES = 4;
export const FORM = /^(0|[1-9]\d{0,3})(\.\d{1,4})?$/;

/** Scores are counted in ten-thousandths, as whole numbers, so that no sum is ever rounded. */
export const parts = (text) => {
  const [whole, part = ""] = text.split(".");
  return Number(whole + part.padEnd(PLACES, "0"));
};

/** With one decimal at least, and no more than it needs. */
export const written = (count) => {
  const digits = String(count).padStart(PLACES + 1, "0");
  return `${digits.slice(0, -PLACES)}.${digits.slice(-PLACES).replace(/0{1,3}$/, "")}`;
};

const grades = (row) => Array.from(row.querySelectorAll(".grades [data-high]"), (button) => ({ button, low: parts(button.dataset.low), high: parts(button.dataset.high) }));
const ticks = (row) => Array.from(row.querySelectorAll("[data-points]"));

/** Full marks less what is ticked, never below nothing. */
export const left = (row) => Math.max(0, parts(row.dataset.max) - ticks(row).filter((box) => box.checked).reduce((sum, box) => sum + parts(box.dataset.points), 0));

/** What is wrong with a score as typed, in words; "" for nothing. An empty one is not yet given. */
export function fault(row, text) {
  if (!text) return "";
  if (!FORM.test(text) || parts(text) > parts(row.dataset.max)) return say("score.range", { max: row.dataset.max });
  const count = parts(text), known = grades(row), mode = row.dataset.mode || "range";
  if (mode === "deduction") return count === left(row) ? "" : say("score.left", { score: written(left(row)) });
  if (mode === "steps" || mode === "pass_fail") return known.some((one) => one.low === count) ? "" : say("score.fixed", { steps: known.map((one) => written(one.low)).join(" / ") });
  if (count % parts(row.dataset.step) !== 0) return say("score.step", { step: row.dataset.step });
  return !known.length || known.some((one) => count >= one.low && count <= one.high) ? "" : say("score.between");
}

/** Shows which grade, or which fixed score, the typed one belongs to. */
export function press(row, text) {
  const count = FORM.test(text) ? parts(text) : -1;
  for (const { button, low, high } of grades(row)) button.setAttribute("aria-pressed", String(count >= low && count <= high));
}

/** The next score up or down: by the step, or to the neighbour among the fixed ones. */
export function beside(row, text, direction) {
  const most = parts(row.dataset.max), mode = row.dataset.mode || "range";
  if (mode === "steps" || mode === "pass_fail") {
    const fixed = grades(row).map((one) => one.low).sort((a, b) => a - b);
    const now = FORM.test(text) ? parts(text) : direction > 0 ? -1 : most + 1;
    const next = direction > 0 ? fixed.find((one) => one > now) : fixed.filter((one) => one < now).at(-1);
    return next ?? (direction > 0 ? fixed.at(-1) : fixed[0]);
  }
  const step = parts(row.dataset.step);
  const now = FORM.test(text) ? parts(text) : direction > 0 ? -step : most + step;
  return Math.min(most, Math.max(0, now + direction * step));
}
