// Small tools for building elements and telling people things; nothing here makes markup from text.
import { say } from "./texts.js";

const SPRITE = new URL("../img/icons.svg", import.meta.url).pathname;

export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === false || value === null || value === undefined) continue;
    if (key in made && !key.includes("-") && key !== "list" && key !== "form") made[key] = value;
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "i");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${SPRITE}#${name}`);
  svg.append(use);
  return svg;
}

/** Says something to screen readers without showing it. */
export function announce(text) {
  const region = document.getElementById("live");
  if (!region) return;
  region.textContent = "";
  setTimeout(() => { region.textContent = text; }, 50);
}

/** A message in the corner that goes by itself, unless it is bad. */
export function toast(text, tone = "ok") {
  const close = element("button", { type: "button", className: "close", "aria-label": say("confirm.ok") }, icon("x"));
  const shown = element("div", { className: `notice ${tone}` }, icon({ ok: "check", warn: "warn", bad: "bad" }[tone] ?? "info"), element("div", {}, text), close);
  close.addEventListener("click", () => shown.remove());
  document.getElementById("toasts")?.append(shown);
  if (tone !== "bad") setTimeout(() => shown.remove(), 8000);
}

/** The line under the top bar that tells of a lost connection; "" takes it away. */
export function netline(text) {
  const line = document.getElementById("netline");
  if (!line) return;
  line.replaceChildren(...(text ? [icon("offline"), text] : []));
  line.hidden = !text;
}

export function size(bytes) {
  const units = ["B", "KB", "MB", "GB"];
  let value = bytes, unit = 0;
  while (value >= 1000 && unit < 3) { value /= 1000; unit += 1; }
  return `${unit ? value.toFixed(1) : value} ${units[unit]}`;
}

export function clockTime(moment = new Date()) {
  return moment.toLocaleTimeString("zh-CN", { hour12: false, timeZone: "Asia/Shanghai" });
}

export function download(name, text, type = "application/json") {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = element("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}
