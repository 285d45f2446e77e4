// Time left until a legal moment, by the server's clock; spoken at 60, 30, 10, 5 and 1 minute. At zero the server decides, not this page.
import { clockError, serverNow, synchronise } from "./clock.js";
import { element } from "./dom.js";
import { say } from "./texts.js";

const SPOKEN = [60, 30, 10, 5, 1];
const UNITS = [["count.day", 86400], ["count.hour", 3600], ["count.minute", 60], ["count.second", 1]];

function draw(root, left) {
  const boxes = root.querySelector(".t4");
  let rest = left;
  const parts = UNITS.map(([code, length]) => {
    const count = Math.floor(rest / length);
    rest -= count * length;
    return [count, say(code)];
  });
  const shown = parts[0][0] > 0 ? parts : parts.slice(1);
  boxes.setAttribute("aria-label", shown.map(([count, unit]) => `${count} ${unit}`).join(" "));
  if (boxes.children.length !== shown.length || boxes.querySelector("noscript")) {
    boxes.replaceChildren(...shown.map(([, unit]) => element("span", { className: "u" }, element("span", {}), element("small", {}, unit))));
  }
  shown.forEach(([count], index) => { boxes.children[index].firstChild.textContent = String(count); });
}

function over(root) {
  root.dataset.over = "";
  root.querySelector(".t4").replaceChildren(element("strong", {}, root.dataset.overText));
  root.querySelector("[data-say]").textContent = root.dataset.overText;
  root.dispatchEvent(new CustomEvent("gh:over", { bubbles: true }));
}

function tick(root) {
  if ("over" in root.dataset) return;
  const now = serverNow() ?? Date.now();
  const left = Math.ceil((Date.parse(root.dataset.countdown) - now) / 1000);
  if (left <= 0) { over(root); return; }
  draw(root, left);
  root.toggleAttribute("data-urgent", left <= 600);
  const minutes = SPOKEN.find((each) => left <= each * 60 && left > each * 60 - 2);
  if (minutes && root.dataset.said !== String(minutes)) {
    root.dataset.said = String(minutes);
    root.querySelector("[data-say]").textContent = say("count.say", { minutes });
  }
}

function tickAll() { for (const root of document.querySelectorAll("[data-countdown]")) tick(root); }

async function set() {
  const isSet = await synchronise();
  for (const place of document.querySelectorAll("[data-countdown] [data-sync]")) {
    place.textContent = isSet ? say("count.sync", { ms: clockError() }) : say("count.nosync");
  }
  tickAll();
}

set();
setInterval(tickAll, 1000);
setInterval(set, 300_000);
document.addEventListener("visibilitychange", () => { if (!document.hidden) set(); });
document.addEventListener("htmx:afterSettle", tickAll);
