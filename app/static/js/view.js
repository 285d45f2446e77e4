// The text of a part of the page as it was shown: what view_sha256 stands for.
import { sha256Hex, utf8 } from "./statement.js";
import { say } from "./texts.js";

const LEFT_OUT = "button, script, style, template, noscript, dialog, svg, .sr, .noprint, .err, .acterror, .hint, [hidden], [data-view-skip], [type=hidden], [type=password]";
const BREAKS = /^(block|flex|grid|list-item|table|table-row|table-caption|flow-root)$/;

function labelOf(field) {
  if (field.getAttribute("aria-labelledby")) return document.getElementById(field.getAttribute("aria-labelledby"))?.textContent.trim() ?? "";
  return field.getAttribute("aria-label") ?? "";
}

function said(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked ? "☑ " : "☐ ";
  const value = field.tagName === "SELECT" ? field.selectedOptions[0]?.textContent ?? "" : field.value;
  return `${labelOf(field)} ${value.trim() || "—"}\n`;
}

function walk(node, parts) {
  for (const child of node.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) parts.push(child.nodeValue.replace(/\s+/g, " "));
    if (child.nodeType !== Node.ELEMENT_NODE || child.matches(LEFT_OUT)) continue;
    if (child.tagName === "BR") { parts.push("\n"); continue; }
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(child.tagName)) { parts.push(" ", said(child)); continue; }
    const display = getComputedStyle(child).display;
    if (display === "none") continue;
    const edge = BREAKS.test(display) ? "\n" : display === "table-cell" ? " " : "";
    parts.push(edge);
    walk(child, parts);
    parts.push(edge);
  }
}

/** Lines of trimmed text, NFC, without empty ones; fields say their values. */
export function textOf(region) {
  const parts = [];
  walk(region, parts);
  return tidy(parts.join(""));
}

export const tidy = (text) => text.normalize("NFC").split("\n").map((line) => line.replace(/\s+/g, " ").trim()).filter(Boolean).join("\n");

/** For acts without a region: their title, place and body, a line each. */
export function textOfBody({ title, type, case: caseId, lot, round, body }) {
  const lines = [title || type, `${say("act.case")} ${caseId}`];
  if (lot) lines.push(`${say("act.lot")} ${lot}`);
  if (round) lines.push(`${say("act.round")} ${round}`);
  const list = (value, name) => {
    if (Array.isArray(value)) value.forEach((item, index) => list(item, `${name}[${index + 1}]`));
    else if (value && typeof value === "object") for (const key of Object.keys(value).sort()) list(value[key], name ? `${name}.${key}` : key);
    else lines.push(`${name}: ${value}`);
  };
  list(body, "");
  return tidy(lines.join("\n"));
}

export const digestOfView = (text) => sha256Hex(utf8(text));
