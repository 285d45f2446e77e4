// The pictures of a wall: a tile plays its seat's line while it is on the screen, and says why where it plays none; one tap enlarges it. Each
// stream that is opened is a view of its own under the purpose of the visit (POST …/video/views), opened again it is the same one.
import { announce, element } from "./dom.js";
import { post } from "./http.js";
import { say } from "./texts.js";
import { LinePlayer } from "./video-line.js";

const LEAVES = 2000; // ms for which a tile that left the screen still plays, so that scrolling to and fro costs nothing
const AGAIN = 5000; // ms after which a stream that was refused is asked for again
const TONES = { live: "ok", gap: "bad", silent: "bad" };
const tiles = new Map(); // id → tile
let large = "";

class Tile {
  constructor(root) {
    Object.assign(this, { root, state: "", isSeen: false, player: null, notBefore: 0 });
    watcher.observe(root);
  }

  get mayPlay() {
    const { streamOpen, streamLine } = this.root.dataset;
    return this.isSeen && !document.hidden && streamOpen !== undefined && (streamLine === "live" || streamLine === "gap");
  }

  /** Plays, stops, and says how it stands. */
  follow() {
    clearTimeout(this.leaving);
    if (this.mayPlay) this.play();
    else if (this.player) this.leaving = setTimeout(() => this.stop(), this.isSeen && !document.hidden ? 0 : LEAVES);
    this.root.querySelector(".picture").setAttribute("aria-pressed", String(large === this.root.id));
    this.tell();
  }

  async play() {
    if (this.player || this.isAsking || Date.now() < this.notBefore) return;
    this.isAsking = true;
    const { room: number, stream: seat, seatName } = this.root.dataset;
    try {
      const { view } = await post(`/api/v1/lots/${number}/evaluation/video/views`, { seats: [seat] }, { tries: 1, quiet: true });
      if (!this.mayPlay) return;
      const picture = element("video", { "aria-label": seatName });
      this.root.querySelector(".picture").replaceChildren(picture);
      this.player = new LinePlayer(picture, { number, view, seat, told: (state) => this.hear(state) });
    } catch (problem) {
      this.notBefore = Date.now() + AGAIN;
      this.hear(problem.code === "view.purpose_needed" ? "purpose" : "refused");
    } finally {
      this.isAsking = false;
    }
  }

  hear(state) {
    if (state === "gap" && this.state === "live") announce(say("video.gone", { who: this.root.dataset.seatName }));
    this.state = state;
    if (state === "over") this.stop();
    this.tell();
  }

  stop() {
    this.player?.close();
    this.player = null;
    if (this.state !== "over") this.state = "";
    this.root.querySelector(".picture video")?.remove();
    this.tell();
  }

  /** How the line stands, by what is seen here where anything is, otherwise by what the platform said. */
  tell() {
    const badge = this.root.querySelector("[data-stream-told]"), { streamOpen, streamLine } = this.root.dataset;
    const isGap = this.state === "gap" || streamLine === "gap";
    this.root.toggleAttribute("data-red", isGap || this.state === "silent");
    if (streamLine === "gap" && this.state !== "live" && this.state !== "over") return; // the platform says since when
    if (this.state) show(badge, this.state);
    else if (streamOpen === undefined && streamLine === "live") show(badge, "purpose");
  }
}

function show(badge, state) {
  const words = say(`video.${state}`), tone = `tag ${TONES[state] ?? "line"}`;
  if (badge.textContent !== words) badge.textContent = words;
  if (badge.className !== tone) badge.className = tone;
}

const watcher = new IntersectionObserver((seen) => {
  for (const one of seen) {
    const tile = tiles.get(one.target.id);
    if (tile) { tile.isSeen = one.isIntersecting; tile.follow(); }
  }
});

/** Tiles come and go with the rooms; one that was made anew has no picture any more. */
function follow() {
  for (const [id, tile] of tiles) {
    if (document.getElementById(id) === tile.root) continue;
    watcher.unobserve(tile.root);
    tile.stop();
    tiles.delete(id);
  }
  for (const root of document.querySelectorAll("[data-stream]")) if (!tiles.has(root.id)) tiles.set(root.id, new Tile(root));
  for (const tile of tiles.values()) tile.follow();
}

function enlarge(id) {
  large = large === id ? "" : id;
  for (const tile of tiles.values()) tile.follow();
}

document.addEventListener("click", (event) => {
  const tile = event.target.closest?.("[data-stream] .picture")?.closest("[data-stream]");
  if (tile) enlarge(tile.id);
});
document.addEventListener("keydown", (event) => { if (event.key === "Escape" && large) enlarge(large); });
document.addEventListener("visibilitychange", follow);
document.addEventListener("htmx:afterSettle", follow);
setInterval(follow, AGAIN);
follow();
