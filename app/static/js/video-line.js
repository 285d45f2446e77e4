// One seat's line in a <video>: `new LinePlayer(video, { number, view, seat, told })`. `view` is the id that the platform answers to whoever
// says why they watch; `told(state)` hears `connecting`, `live`, `gap` (nothing came for 3 s), `silent` (nobody records) and `over`.
const SILENT = 3000, BEHIND = 0.7, AHEAD = 0.25, KEPT = 20; // ms; s behind the newest picture; s; s of the past that are kept
const PAUSES = [500, 1000, 2000, 4000];

export class LinePlayer {
  constructor(video, { number, view, seat, told = () => {} }) {
    Object.assign(this, { video, told, turn: 0, waiting: [], isOver: false });
    this.address = `${location.protocol.replace("http", "ws")}//${location.host}/video/${number}/watch/${view}/${seat}`;
    video.muted = true;
    video.playsInline = true;
    this.beat = setInterval(() => this.look(), 500);
    this.connect();
  }

  /** Ends it. */
  close() {
    this.isOver = true;
    clearInterval(this.beat);
    this.line?.close();
    this.forget();
  }

  connect() {
    if (this.isOver) return;
    this.say("connecting");
    const line = this.line = new WebSocket(this.address);
    line.binaryType = "arraybuffer";
    line.addEventListener("message", ({ data }) => (typeof data === "string" ? this.hear(JSON.parse(data)) : this.take(data)));
    line.addEventListener("close", ({ code }) => {
      if (code === 1008) { this.say("over"); this.close(); return; }
      this.say("gap");
      setTimeout(() => this.connect(), PAUSES[Math.min(this.turn, PAUSES.length - 1)] * (0.75 + Math.random() / 2));
      this.turn += 1;
    });
  }

  hear({ state, media }) {
    this.turn = 0;
    this.forget();
    if (state === "live") this.begin(media);
    else this.say("silent");
  }

  begin(media) {
    this.source = new MediaSource();
    this.cameAt = performance.now();
    const source = this.source;
    source.addEventListener("sourceopen", () => {
      if (source !== this.source) return;
      this.buffer = source.addSourceBuffer(media);
      this.buffer.mode = "segments";
      this.buffer.addEventListener("updateend", () => this.fill());
      this.fill();
    }, { once: true });
    this.url = URL.createObjectURL(source);
    this.video.src = this.url;
    this.video.play().catch(() => {});
  }

  take(data) {
    this.cameAt = performance.now();
    this.waiting.push(data);
    this.say("live");
    this.fill();
  }

  fill() {
    if (!this.buffer || this.buffer.updating || this.source?.readyState !== "open") return;
    const { buffered } = this.buffer, { video } = this;
    if (buffered.length) {
      const newest = buffered.end(buffered.length - 1);
      if (video.currentTime < buffered.start(0) || newest - video.currentTime > BEHIND) video.currentTime = Math.max(buffered.start(0), newest - AHEAD);
      if (newest - buffered.start(0) > KEPT * 2 && !this.waiting.length) { this.buffer.remove(0, newest - KEPT); return; }
    }
    if (!this.waiting.length) return;
    try {
      this.buffer.appendBuffer(this.waiting.shift());
    } catch {
      this.line.close(); // begins anew, from the last key frame
    }
  }

  /** Red within seconds, whatever the server says. */
  look() {
    if (this.source && performance.now() - this.cameAt > SILENT) this.say("gap");
    if (this.video.paused && this.source) this.video.play().catch(() => {});
  }

  forget() {
    this.waiting = [];
    this.buffer = this.source = null;
    if (this.url) URL.revokeObjectURL(this.url);
    this.url = "";
  }

  say(state) {
    if (this.state === state) return;
    this.state = state;
    this.told(state);
  }
}
