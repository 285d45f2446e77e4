// The page of a room's lines: how each stands, told without a purpose and asked every two seconds; pictures and recordings once it was said why.
import { announce, element } from "./dom.js";
import { get, post } from "./http.js";
import { say } from "./texts.js";
import { LinePlayer } from "./video-line.js";

const EVERY = 2000; // ms
const TONES = { live: "ok", gap: "bad", silent: "bad", connecting: "line", none: "line", ended: "line", over: "line" };
const clock = (moment) => new Date(moment).toLocaleTimeString("zh-CN", { hour12: false, timeZone: "Asia/Shanghai" });

const day = (moment) => new Date(moment).toLocaleDateString("zh-CN", { month: "2-digit", day: "2-digit", timeZone: "Asia/Shanghai" }).replace("/", "-");
const named = ({ name, begun_at, ended_at }) => `${name} ${day(begun_at)} ${clock(begun_at)} – ${ended_at ? clock(ended_at) : say("video.live")}`;

class Lines {
  constructor(root) {
    this.root = root;
    this.api = root.dataset.videoLines;
    this.number = root.dataset.videoLot;
    this.players = [];
    this.form = root.querySelector("form");
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.watch(); });
    if ("videoAsked" in this.form.dataset) this.watch(); // a supervisor has said why before the page came
    setInterval(() => this.ask(), EVERY);
  }

  tile(seat) { return this.root.querySelector(`[data-line-seat="${CSS.escape(seat)}"]`); }

  /** How every line stands, as the platform knows it. */
  async ask() {
    const found = await get(this.api, { tries: 1, quiet: true }).catch(() => null);
    for (const line of found?.lines ?? []) {
      const tile = this.tile(line.seat);
      if (!tile) continue;
      const before = tile.dataset.lineState;
      tile.dataset.lineState = line.state;
      this.badge(tile, line.state, line.state === "gap" ? clock(line.since) : "");
      if (before !== "gap" && line.state === "gap") announce(say("video.gone", { who: line.name }));
      tile.querySelector("[data-line-gaps]").textContent = line.gaps ? say("video.gaps", { count: line.gaps }) : "";
    }
  }

  badge(tile, state, time = "") {
    const badge = tile.querySelector("[data-line-told]");
    badge.className = `tag ${TONES[state]}`;
    badge.textContent = `${say(`video.${state}`)}${time && ` ${time}`}`;
    tile.toggleAttribute("data-red", TONES[state] === "bad");
  }

  /** Says why, then shows. */
  async watch() {
    const fault = this.form.querySelector("[role=alert]");
    fault.textContent = "";
    const said = new FormData(this.form);
    try {
      const view = await post(`${this.api}/views`, { purpose: said.get("purpose") ?? "", note: said.get("note")?.trim() ?? "" });
      for (const player of this.players.splice(0)) player.close();
      this.players = view.seats.filter((seat) => this.tile(seat)).map((seat) => this.play(seat, view.view));
      this.root.dataset.videoForm = view.form;
      this.root.querySelector("[data-video-shield]").hidden = view.form !== "shield";
      await this.list(view.view);
    } catch (problem) {
      fault.textContent = problem.message;
    }
  }

  play(seat, view) {
    const tile = this.tile(seat), picture = element("video", { "aria-label": tile.dataset.lineName });
    tile.querySelector("[data-line-picture]").replaceChildren(picture);
    return new LinePlayer(picture, { number: this.number, view, seat, told: (state) => { if (state === "gap" || state === "over") this.badge(tile, state); } });
  }

  /** The recordings, each to be played from the platform. */
  async list(view) {
    const { tapes } = await get(`${this.api}/views/${view}`);
    const rows = tapes.filter((tape) => tape.size && tape.state !== "disposed").map((tape) => element("li", {},
      element("button", { type: "button", className: "btn sm", "aria-label": `${say("video.replay")} ${named(tape)}`, onclick: () => this.replay(tape) }, say("video.replay")),
      ` ${named(tape)}`));
    this.root.querySelector("[data-video-tapes]").replaceChildren(...rows);
  }

  replay(tape) {
    const place = this.root.querySelector("[data-video-replay]");
    const video = element("video", { src: tape.href, controls: true, autoplay: true, "aria-label": named(tape) });
    place.replaceChildren(video);
    place.scrollIntoView({ block: "nearest" });
    video.focus(); // space, arrows and Tab to its controls, as the browser has them
  }
}

for (const root of document.querySelectorAll("[data-video-lines]")) root.lines = new Lines(root);
