// A room's audience stream: pushed over a websocket, numbered without gaps, caught up over HTTP. Regions that care are fetched again by htmx
// and morphed, so that a half-filled field keeps its text.
import { io } from "../vendor/socket.io-client/4.8.4/socket.io.esm.min.js";
import { get } from "./http.js";
import { announce, netline } from "./dom.js";
import "./pause.js";
import { say } from "./texts.js";

const HEARTBEAT = 20_000, SETTLE = 150, PATIENCE = 1500;
const SILENT = 4000, DEAD = 8000; // ms without the server's beat after which a seat's line counts as lost, and is built anew

const lines = new Map(); // namespace → the one socket over which all of its rooms on the page are heard

function lineOf(name) {
  if (!lines.has(name)) lines.set(name, io(`/${name}`, { transports: ["websocket"], reconnectionDelay: 500, reconnectionDelayMax: 8000, randomizationFactor: 0.6 }));
  return lines.get(name);
}

class Room {
  constructor(root) {
    this.room = root.dataset.liveRoom.replace(/^\//, "");
    this.caseId = root.dataset.liveCase;
    this.lot = root.dataset.liveLot ?? "";
    this.seq = Number(root.dataset.liveSeq ?? 0);
    this.early = new Map(); // entries that came before their turn
    this.stale = new Set();
    this.catching = null;
    this.socket = lineOf(this.room);
    if (this.socket.connected) this.join();
    this.socket.on("connect", () => this.join());
    this.socket.on("disconnect", () => { if (this.heardAt) this.line(false); this.lostAt = setTimeout(() => netline(say("live.lost")), PATIENCE); });
    this.socket.on("entry", (entry) => { if ((entry.case ?? this.caseId) === this.caseId) this.hear(entry); });
    this.socket.on("behind", () => this.behind());
    this.socket.on("presence", (detail) => {
      if ((detail.case ?? this.caseId) === this.caseId) document.dispatchEvent(new CustomEvent("gh:presence", { detail: { ...detail, case: this.caseId } }));
    });
    this.socket.on("beat", (_detail, answer) => { this.heardAt = Date.now(); this.line(true); answer?.(); }); // seats are asked, so that a cut line is noticed
    setInterval(() => this.beat(), HEARTBEAT);
    setInterval(() => this.listen(), 1000);
  }

  /** A seat that hears no beat has lost its line, though nothing was closed. */
  listen() {
    if (!this.heardAt) return;
    const silent = Date.now() - this.heardAt;
    if (silent > SILENT) this.line(false);
    if (silent > DEAD && this.socket.connected) { this.heardAt = Date.now(); this.socket.io.engine.close(); }
  }

  line(isUp) {
    if (this.isUp === isUp) return;
    this.isUp = isUp;
    netline(isUp ? "" : say("live.lost"));
    document.dispatchEvent(new CustomEvent("gh:line", { detail: { isUp, at: new Date() } }));
  }

  async join() {
    clearTimeout(this.lostAt);
    const answer = await this.socket.emitWithAck("join", { case: this.caseId, lot: this.lot }).catch(() => null);
    netline("");
    if (!answer?.ok) return;
    this.beat();
    if (this.joinedOnce) announce(say("live.back"));
    this.joinedOnce = true;
    if (answer.seq > this.seq) this.catchUp();
  }

  async beat() {
    if (!this.socket.connected) return;
    const asked = performance.now();
    const answer = await this.socket.timeout(HEARTBEAT).emitWithAck("heartbeat", { case: this.caseId }).catch(() => null);
    for (const place of document.querySelectorAll("[data-line-ms]")) place.textContent = answer ? `${Math.round(performance.now() - asked)} ms` : "–";
    if (answer && answer.alive === false) netline(say("live.ended"));
  }

  /** Takes an entry in its turn: what came before is dropped, what leaves a gap waits for the catch-up. */
  hear(entry) {
    if (entry.seq <= this.seq) return;
    this.early.set(entry.seq, entry);
    this.drain();
    if (this.early.size) this.catchUp();
  }

  /** The server has left something out, since this line was too slow: what is being fetched now may not hold it yet. */
  behind() {
    if (this.catching) this.catching.then(() => this.catchUp());
    else this.catchUp();
  }

  drain() {
    for (let entry; (entry = this.early.get(this.seq + 1));) {
      this.early.delete(entry.seq);
      this.seq = entry.seq;
      this.tell(entry);
    }
    for (const seq of this.early.keys()) if (seq <= this.seq) this.early.delete(seq);
  }

  catchUp() {
    this.catching ??= this.fetchMissing().catch(() => setTimeout(() => this.catchUp(), 2000)).finally(() => { this.catching = null; });
    return this.catching;
  }

  async fetchMissing() {
    for (let more = true; more;) {
      const answer = await get(`/cases/${encodeURIComponent(this.caseId)}/events?since=${this.seq}&room=${this.room}`, { quiet: true });
      for (const entry of answer.entries) this.early.set(entry.seq, entry);
      const before = this.seq;
      this.drain();
      more = this.seq < answer.seq && this.seq > before;
    }
  }

  tell(entry) {
    document.dispatchEvent(new CustomEvent("gh:entry", { detail: { ...entry, case: this.caseId, room: this.room } }));
    for (const region of document.querySelectorAll("[data-live]")) {
      const kinds = region.dataset.live.split(/\s+/);
      if (kinds.includes("*") || kinds.includes(entry.kind)) this.stale.add(region);
    }
    clearTimeout(this.refreshing);
    this.refreshing = setTimeout(() => this.refresh(), SETTLE); // a burst of entries costs one fetch per region
  }

  refresh() {
    for (const region of this.stale) if (region.isConnected) window.htmx.trigger(region, "refresh");
    this.stale.clear();
  }
}

for (const root of document.querySelectorAll("[data-live-room]")) root.liveRoom = new Room(root); // a wall listens to several
