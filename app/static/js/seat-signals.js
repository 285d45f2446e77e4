// What this workstation signals of itself: camera, microphone, screen, line, and whether somebody is at the desk. No picture leaves the page.
import { post } from "./http.js";
import { say } from "./texts.js";

const EVERY = 1500; // ms
const DARK = 12; // mean brightness of 255 below which a camera is covered
const MOVED = 1.5; // mean difference between two pictures, of 255, above which somebody moves
const STILL = 20000; // ms without any movement after which nobody is there

const box = document.querySelector("[data-seat-signals]");
const seen = { stream: null, before: null, movedAt: Date.now(), loud: null, isAway: false, latency: 0 };

async function begin() {
  try {
    seen.stream = await navigator.mediaDevices.getUserMedia({ video: { width: 160, height: 120 }, audio: true });
  } catch {
    seen.stream = null; // told as off; the seat's own page says so
    return;
  }
  const video = Object.assign(document.createElement("video"), { srcObject: seen.stream, muted: true, playsInline: true });
  await video.play();
  seen.video = video;
  const audio = new AudioContext();
  seen.loud = audio.createAnalyser();
  audio.createMediaStreamSource(seen.stream).connect(seen.loud);
}

function picture() {
  const canvas = (seen.canvas ??= Object.assign(document.createElement("canvas"), { width: 40, height: 30 }));
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.drawImage(seen.video, 0, 0, 40, 30);
  const { data } = pen.getImageData(0, 0, 40, 30);
  return Float32Array.from({ length: 1200 }, (_, at) => (data[at * 4] + data[at * 4 + 1] + data[at * 4 + 2]) / 3);
}

function camera() {
  const track = seen.stream?.getVideoTracks()[0];
  if (!track || track.readyState !== "live" || !seen.video) return "off";
  const now = picture();
  const mean = now.reduce((sum, value) => sum + value, 0) / now.length;
  if (seen.before) {
    const moved = now.reduce((sum, value, at) => sum + Math.abs(value - seen.before[at]), 0) / now.length;
    if (moved > MOVED) seen.movedAt = Date.now();
  }
  seen.before = now;
  return mean < DARK ? "dark" : "ok";
}

function microphone() {
  const track = seen.stream?.getAudioTracks()[0];
  if (!track || track.readyState !== "live") return "off";
  return track.muted || !track.enabled ? "dark" : "ok";
}

function told() {
  const eye = camera();
  const away = seen.isAway || (eye === "ok" && Date.now() - seen.movedAt > STILL);
  return { camera: eye, microphone: microphone(), screen: document.hidden ? "other" : "room", present: away ? "away" : "here", latency: Math.round(seen.latency) };
}

const WORDS = { camera: { ok: "ok", dark: "bad", off: "bad" }, microphone: { ok: "ok", dark: "warn", off: "warn" }, screen: { room: "ok", other: "warn" }, present: { here: "ok", away: "bad" } };

function show(signals) {
  for (const place of box.querySelectorAll("[data-signal]")) {
    const name = place.dataset.signal, value = signals[name];
    const tone = name === "latency" ? (value > 1500 ? "bad" : value > 400 ? "warn" : "ok") : WORDS[name][value];
    place.className = `tag ${tone}`;
    place.textContent = name === "latency" ? say("signal.latency", { ms: value }) : say(`signal.${name}.${value}`);
  }
}

async function signal() {
  const signals = told();
  show(signals);
  const since = performance.now();
  try {
    await post(box.dataset.seatSignals, signals, { tries: 1, quiet: true, timeout: 4000 });
    seen.latency = performance.now() - since;
  } catch {
    seen.latency = Math.max(seen.latency, performance.now() - since); // the server notices the silence by itself
  }
  setTimeout(signal, EVERY);
}

if (box) {
  const button = box.querySelector("[data-away]");
  button.addEventListener("click", () => {
    seen.isAway = !seen.isAway;
    seen.movedAt = Date.now();
    button.setAttribute("aria-pressed", String(seen.isAway));
    button.textContent = seen.isAway ? button.dataset.hereWord : button.dataset.awayWord;
  });
  begin().finally(signal);
}
