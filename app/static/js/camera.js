// The camera of a seat: this browser records in two forms and sends slices over a WebSocket for each; it comes back by itself, and only one
// window of a seat records at a time.
import { element } from "./dom.js";
import { Refused, post } from "./http.js";
import { shield } from "./camera-shield.js";
import { say } from "./texts.js";

const CLEAR = "video/webm;codecs=vp8,opus", MUTE = "video/webm;codecs=vp8";
const SLICE = 200; // ms
const RATES = { clear: 600_000, shield: 150_000 }, SOUND = 32_000; // bit/s
const MOST_WAITING = 4_000_000; // bytes that the line has not taken: it is too slow, and a fresh tape begins
const PAUSES = [500, 1000, 2000, 4000, 8000], AGAIN = 10_000; // ms
const NO_ROOM_PAUSES = [5000, 10_000, 20_000, 40_000, 60_000]; // ms: no tape begins while there is no room for it
const SILENT = 3000; // ms without a word that a slice is kept: the line stands still
const NO_ROOM = 4507; // the platform's disk is full
const DENIED = ["NotAllowedError", "SecurityError"];
const TONES = { live: "ok", mute: "warn", lost: "bad", full: "bad", unplugged: "bad", denied: "bad", refused: "bad", unable: "bad" };
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

class Camera {
  constructor(root) {
    this.root = root;
    this.api = root.dataset.camera;
    this.number = root.dataset.cameraLot;
    this.voice = root.dataset.cameraVoice;
    this.say("waiting");
    if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder || !MediaRecorder.isTypeSupported(CLEAR)) { this.say("unable"); return; }
    root.querySelector("[data-camera-window]")?.addEventListener("click", (event) => {
      event.preventDefault();
      window.open(event.currentTarget.href, `gh-camera-${this.number}`, "width=460,height=520");
    });
    this.run();
  }

  /** Waits until no other window of this seat records. */
  run() {
    const taken = setTimeout(() => this.say("elsewhere"), 1500);
    navigator.locks.request(`gh-camera-${this.number}`, async () => {
      clearTimeout(taken);
      await this.hold();
    });
  }

  async hold() {
    for (let turn = 0, full = 0; ; turn += 1) {
      const stream = await this.open();
      if (!stream) { await this.another(); continue; }
      this.show(stream);
      const begun = performance.now();
      let reason = "lost";
      try {
        await this.record(stream);
      } catch (fault) {
        if (fault.code === NO_ROOM || fault.code === "recording.no_room") reason = "full";
        else if (fault instanceof Refused && fault.status < 500) { this.say("over"); this.close(stream); return; }
      }
      if (stream.getTracks().some((track) => track.readyState === "ended")) { this.close(stream); reason = "unplugged"; }
      if (performance.now() - begun > AGAIN) turn = 0;
      this.say(reason);
      full = reason === "full" ? full + 1 : 0;
      const pauses = full ? NO_ROOM_PAUSES : PAUSES, place = full ? full - 1 : turn;
      await wait(pauses[Math.min(place, pauses.length - 1)] * (0.75 + Math.random() / 2));
    }
  }

  /** Waits until a camera was plugged in, or allowed, or some time has passed. */
  another() {
    return new Promise((done) => {
      const heard = new AbortController(), { signal } = heard;
      const go = () => { heard.abort(); clearTimeout(timer); done(); };
      const timer = setTimeout(go, AGAIN);
      navigator.mediaDevices.addEventListener("devicechange", go, { signal });
      navigator.permissions?.query({ name: "camera" }).then((asked) => asked.addEventListener("change", go, { signal }), () => {});
    });
  }

  /** The camera, with the microphone where there is one; the same one as long as it lives. */
  async open() {
    if (this.stream) return this.stream;
    const video = { width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 25 } };
    let reason = "refused";
    for (const audio of [true, false]) {
      try {
        this.stream = await navigator.mediaDevices.getUserMedia({ video, audio });
        this.hasSound = audio;
        return this.stream;
      } catch (fault) {
        if (DENIED.includes(fault.name)) reason = "denied";
      }
    }
    this.say(reason);
    return null;
  }

  close(stream) {
    for (const track of stream.getTracks()) track.stop();
    this.stream = null;
  }

  /** Records until a line breaks; raises what the platform refuses. */
  async record(stream) {
    const hidden = await shield(stream, this.voice);
    const forms = { clear: stream, shield: hidden.stream };
    const media = { clear: this.hasSound ? CLEAR : MUTE, shield: hidden.hasSound ? CLEAR : MUTE };
    const recorders = [], lines = [];
    this.heardAt = performance.now();
    const beat = setInterval(() => { if (performance.now() - this.heardAt > SILENT) this.say("lost"); }, 500);
    try {
      const { tapes } = await post(`${this.api}/tapes`, media, { tries: 1, quiet: true, timeout: 10_000 });
      await new Promise((_, broken) => {
        for (const form of Object.keys(forms)) {
          const line = this.line(tapes[form], broken, () => recorders.push(this.start(forms[form], media[form], RATES[form], line, broken)));
          lines.push(line);
        }
        for (const track of stream.getTracks()) track.addEventListener("ended", broken, { once: true });
      });
    } finally {
      clearInterval(beat);
      for (const recorder of recorders) if (recorder.state !== "inactive") recorder.stop();
      for (const line of lines) line.close();
      hidden.stop();
    }
  }

  line(tape, broken, open) {
    const made = new WebSocket(`${location.protocol.replace("http", "ws")}//${location.host}/video/${this.number}/record/${tape}`);
    made.addEventListener("open", open);
    made.addEventListener("message", () => { this.heardAt = performance.now(); this.say(this.hasSound ? "live" : "mute"); });
    made.addEventListener("close", ({ code }) => broken(Object.assign(new Error("closed"), { code })));
    return made;
  }

  start(stream, mimeType, videoBitsPerSecond, line, broken) {
    const recorder = new MediaRecorder(stream, { mimeType, videoBitsPerSecond, audioBitsPerSecond: SOUND, videoKeyFrameIntervalDuration: 1000 });
    recorder.addEventListener("dataavailable", ({ data }) => {
      if (line.bufferedAmount > MOST_WAITING) broken(new Error("slow"));
      else if (data.size && line.readyState === WebSocket.OPEN) line.send(data);
    });
    recorder.addEventListener("error", broken);
    recorder.start(SLICE);
    return recorder;
  }

  show(stream) {
    const place = this.root.querySelector("[data-camera-picture]");
    if (!place || place.firstElementChild?.srcObject === stream) return;
    place.replaceChildren(element("video", { srcObject: stream, muted: true, autoplay: true, playsInline: true, "aria-label": say("camera.own") }));
  }

  say(state) {
    if (this.state === state) return;
    this.state = state;
    this.root.dataset.cameraState = state;
    const badge = this.root.querySelector("[data-camera-told]");
    badge.className = `tag ${TONES[state] ?? "line"}`;
    badge.textContent = say(`camera.${state}`);
    badge.title = say(`camera.${state}.what`);
    const what = this.root.querySelector("[data-camera-what]");
    what.hidden = !["warn", "bad"].includes(TONES[state]);
    what.textContent = badge.title;
  }
}

for (const root of document.querySelectorAll("[data-camera]")) root.camera = new Camera(root);
