// The wall: every seat of every room in session, red as soon as its line falls silent; a room that is not on the wall yet is listened to after a
// while, since the page then loads anew.
import { announce, element } from "./dom.js";
import { say } from "./texts.js";

const clock = (moment) => new Date(moment).toLocaleTimeString("zh-CN", { hour12: false, timeZone: "Asia/Shanghai" });
const rooms = new Map(); // case → what was told last

function found(place) {
  const [caseId, lot, seat] = place.dataset.wallSeat.split("|");
  return rooms.get(caseId)?.seats.find((one) => one.lot === lot && one.seat === seat);
}

function show(place) {
  const told = found(place);
  const state = !told ? "never" : told.here ? "here" : "away";
  const before = place.dataset.present;
  place.dataset.present = state;
  const badge = place.querySelector("[data-presence]");
  badge.className = `tag ${{ here: "ok", away: "bad", never: "line" }[state]}`;
  badge.replaceChildren(say(`presence.word.${state}`), state === "away" ? ` ${clock(told.since)}` : "");
  if (state === "away" && before === "here") announce(`${place.dataset.room} ${say("presence.is_away", { who: place.dataset.seatName })}`);
  return state;
}

/** The seats of a room that were ever taken, with the room's number; its line in the list says how many are silent. */
function seatsOf(row) {
  const [caseId, lot] = row.dataset.wallRoom.split("|");
  const seats = (rooms.get(caseId)?.seats ?? []).filter((one) => one.lot === lot);
  const silent = seats.filter((one) => !one.here).length, badge = row.querySelector("[data-room-silent]");
  badge.className = `tag ${silent ? "bad" : seats.length ? "ok" : "line"}`;
  badge.textContent = seats.length ? String(silent) : "–";
  return seats.map((one) => ({ ...one, number: row.dataset.room }));
}

function follow() {
  const places = Array.from(document.querySelectorAll("[data-wall-seat]"));
  places.forEach(show);
  const told = Array.from(document.querySelectorAll("[data-wall-room]"), seatsOf).flat(); // of rooms on other pages too
  const away = told.filter((one) => !one.here);
  for (const place of document.querySelectorAll("[data-wall-here]")) place.textContent = String(told.length - away.length);
  for (const place of document.querySelectorAll("[data-wall-silent]")) place.textContent = String(away.length);
  const rows = away.map((one) => element("li", { className: "bad" }, element("time", {}, clock(one.since)),
    element("div", {}, element("span", { className: "lv red" }, say("wall.red")), " ", element("b", {}, say("presence.is_away", { who: say("presence.seat", one) }))),
    element("p", {}, one.number)));
  for (const list of document.querySelectorAll("[data-wall-absent]")) list.replaceChildren(...rows);
}

document.addEventListener("gh:presence", ({ detail }) => { rooms.set(detail.case, detail); follow(); });

// What the server sent knows nothing of the lines; and a room that came into session since is heard once the page is anew.
document.addEventListener("htmx:afterSettle", () => {
  follow();
  const heard = new Set(Array.from(document.querySelectorAll("[data-live-room]"), (root) => root.dataset.liveCase));
  const shown = Array.from(document.querySelectorAll("[data-wall-room]"), (place) => place.dataset.wallRoom.split("|")[0]);
  if (shown.some((caseId) => !heard.has(caseId)) && !document.querySelector("form [data-touched], details[open]")) location.reload();
});
follow();
