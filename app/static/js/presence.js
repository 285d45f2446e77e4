// Who is at their seat: elements with data-seat follow the room's presence messages by word and badge, with since when; changes are said, and
// a host is alarmed when a seat loses its line.
import { announce, element, icon } from "./dom.js";
import { serverNow } from "./clock.js";
import { say } from "./texts.js";

const clock = (moment) => new Date(moment).toLocaleTimeString("zh-CN", { hour12: false, timeZone: "Asia/Shanghai" });
const lot = () => document.querySelector("[data-live-lot]")?.dataset.liveLot ?? "";
const nameOf = (seat) => document.querySelector(`[data-seat="${CSS.escape(seat)}"]`)?.dataset.seatName || say("presence.seat", { seat });

function show(place, found) {
  const state = !found ? "never" : found.here ? "here" : "away";
  const told = say(`presence.${state}`, { who: nameOf(place.dataset.seat), time: found ? clock(found.since) : "" });
  const before = place.dataset.present;
  place.dataset.present = state;
  place.toggleAttribute("data-away", state !== "here");
  const dot = place.querySelector(".dot");
  if (dot) dot.className = `dot ${{ here: "ok", away: "bad", never: "" }[state]}`;
  for (const badge of place.querySelectorAll("[data-presence]")) {
    badge.className = `tag ${{ here: "ok", away: "bad", never: "line" }[state]}`;
    badge.title = told;
    badge.replaceChildren(say(`presence.word.${state}`), state === "away" ? ` ${clock(found.since)}` : "");
  }
  if (before && before !== state && before !== "never") announce(told);
}

/** The alarms of whoever leads the room: who has left, since when, and when they were back. */
function alarm(list, absences) {
  const rows = absences.map((one) => element("li", { className: one.until ? "" : "bad" }, element("time", {}, clock(one.since)),
    element("b", {}, say(one.until ? "presence.was_away" : "presence.is_away", { who: nameOf(one.seat) })),
    element("p", {}, one.until ? say("presence.back", { time: clock(one.until) }) : say("presence.act"))));
  list.replaceChildren(...rows);
  const open = absences.filter((one) => !one.until).length;
  const box = list.closest("[data-absences]");
  box.hidden = !absences.length;
  const count = box.querySelector("[data-absent]");
  count.className = `tag ${open ? "bad" : "ok"}`;
  count.replaceChildren(icon(open ? "warn" : "check"), say(open ? "presence.open" : "presence.none", { count: open }));
}

let newest = null;

function follow() {
  if (!newest) return;
  const mine = (rows) => rows.filter((one) => !lot() || one.lot === lot());
  const seats = new Map(mine(newest.seats).map((one) => [one.seat, one]));
  for (const place of document.querySelectorAll("[data-seat]")) show(place, seats.get(place.dataset.seat));
  for (const list of document.querySelectorAll("[data-absence-list]")) alarm(list, mine(newest.absences));
}

document.addEventListener("gh:presence", ({ detail }) => { newest = detail; follow(); });
document.addEventListener("htmx:afterSettle", follow); // a fragment that came in knows nothing of the lines

// One's own line, in words: the server's clock says since when it is down.
document.addEventListener("gh:line", ({ detail }) => {
  for (const place of document.querySelectorAll("[data-line]")) {
    place.className = `tag ${detail.isUp ? "ok" : "bad"}`;
    const at = serverNow();
    place.replaceChildren(say(detail.isUp ? "line.up" : "line.down", { time: clock(at ?? detail.at) }));
  }
});
