// A supervisor's pause stops this workstation at once: the page is covered and takes nothing more; what was typed is kept on this device as ever.
// The supervisor's word to go on brings the page back as it was.
import { announce, element, icon } from "./dom.js";
import { say } from "./texts.js";

const root = () => document.querySelector("[data-live-stops]");

export function stop() {
  if (document.querySelector("[data-paused]")) return;
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  document.activeElement?.blur();
  document.getElementById("main").inert = true;
  document.body.classList.add("paused");
  const title = element("h2", {}, icon("lock"), say("pause.title"));
  document.body.append(element("section", { className: "pausecover", role: "alertdialog", "aria-label": say("pause.title"), "data-paused": true }, title, element("p", {}, say("pause.text"))));
  announce(say("pause.title"));
}

export function goOn() {
  if (document.querySelector("[data-paused]")) location.reload();
}

document.addEventListener("gh:entry", ({ detail }) => {
  const place = root();
  if (!place || detail.data.lot !== place.dataset.liveLot) return;
  if (detail.kind === "supervision.act" && detail.data.measure === "pause") stop();
  if (detail.kind === "halt.fault" || detail.kind === "halt.night") stop();
  if (["supervision.resume", "halt.repair", "halt.open", "halt.reformed"].includes(detail.kind)) goOn();
});
document.addEventListener("gh:paused", () => root() && stop()); // a draft was refused, and the stream is behind
document.addEventListener("gh:resumed", goOn);
