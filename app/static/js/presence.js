// Who is at their seat: elements with data-seat follow the room's presence messages, and changes are said.
import { announce } from "./dom.js";
import { say } from "./texts.js";

document.addEventListener("gh:presence", ({ detail }) => {
  const here = new Set((detail.seats ?? []).map(String));
  for (const seat of document.querySelectorAll("[data-seat]")) {
    const isHere = here.has(seat.dataset.seat);
    const dot = seat.querySelector(".dot");
    const wasKnown = "present" in seat.dataset;
    if (wasKnown && (seat.dataset.present === "1") === isHere) continue;
    seat.dataset.present = isHere ? "1" : "0";
    seat.toggleAttribute("data-away", !isHere);
    if (dot) dot.className = `dot ${isHere ? "ok" : "warn"}`;
    const words = seat.querySelector("[data-presence]");
    const told = say(isHere ? "presence.here" : "presence.away", { who: seat.dataset.seatName ?? seat.dataset.seat });
    if (words) words.textContent = told;
    if (wasKnown) announce(told);
  }
});
