// What every page has: menus, preferences, copying, plain confirmations, the server's clock, unsaved forms.
import { confirm } from "./dialog.js";
import { toast } from "./dom.js";
import { say } from "./texts.js";
import { serverNow } from "./clock.js";
import "./inbox.js";
import "./morph.js";
import "./prefs.js";

/* Menus: a button with data-menu opens the panel after it; Escape and a click elsewhere close it. */
function setMenu(button, isOpen) {
  button.setAttribute("aria-expanded", String(isOpen));
  button.nextElementSibling.hidden = !isOpen;
}
const closeMenus = (but) => { for (const each of document.querySelectorAll('[data-menu][aria-expanded="true"]')) if (each !== but) setMenu(each, false); };

document.addEventListener("click", async (event) => {
  const menu = event.target.closest("[data-menu]");
  if (!event.target.closest(".menu .panel")) closeMenus(menu);
  if (menu) setMenu(menu, menu.getAttribute("aria-expanded") !== "true");

  const toggle = event.target.closest("[data-toggle]");
  if (toggle) {
    const target = document.querySelector(toggle.dataset.toggle);
    const isOpen = target.toggleAttribute("data-open");
    toggle.setAttribute("aria-expanded", String(isOpen));
  }

  const copied = event.target.closest("[data-copy]");
  if (copied) {
    await navigator.clipboard.writeText(copied.dataset.copy);
    toast(say("copy.done"));
  }

  const print = event.target.closest("[data-print]");
  if (print) window.print();

  const asked = event.target.closest("[data-confirm]");
  if (asked && asked.form && !asked.dataset.confirmed) {
    event.preventDefault();
    if (await confirm({ title: asked.dataset.confirm, object: asked.dataset.confirmObject, finalText: asked.dataset.confirmFinal })) {
      asked.dataset.confirmed = "1";
      asked.form.requestSubmit(asked);
    }
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const open = document.querySelector('[data-menu][aria-expanded="true"]');
    if (open) { setMenu(open, false); open.focus(); }
  }
  const isTyping = event.target.closest("input, textarea, select, [contenteditable]");
  if (!isTyping && event.key === "/" && !event.ctrlKey && !event.metaKey) {
    const search = document.querySelector('main input[type="search"]');
    if (search) { event.preventDefault(); search.focus(); }
  }
});

/* The language switch keeps the rest of the address. */
for (const link of document.querySelectorAll('a.tool[href^="?lang="]')) {
  const address = new URL(location.href);
  address.searchParams.set("lang", new URLSearchParams(link.getAttribute("href")).get("lang"));
  link.href = address.pathname + address.search;
}

/* The clock in the footer goes on by the server's time. */
const clock = document.querySelector("[data-clock]");
if (clock) {
  const form = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "medium", timeZone: "Asia/Shanghai" });
  const tail = clock.textContent.replace(/^[\d\- :]+/, "");
  const start = Date.parse(clock.dateTime) - performance.now();
  setInterval(() => { clock.textContent = `${form.format(serverNow() ?? start + performance.now())}${tail && ` ${tail}`}`; }, 1000);
}

/* Forms marked data-guard warn before one leaves them half filled. */
document.addEventListener("input", (event) => event.target.closest("form[data-guard]")?.setAttribute("data-dirty", ""));
document.addEventListener("submit", (event) => event.target.removeAttribute("data-dirty"));
window.addEventListener("beforeunload", (event) => { if (document.querySelector("form[data-dirty]")) event.preventDefault(); });
