// The replay at a moment: the recording of a seat jumps there and plays; each that is opened is a view of its own under the purpose of the visit.
import { element } from "./dom.js";
import { post } from "./http.js";

const FAR = 1e7; // s: a browser's recording does not say how long it is; asked for its end, the player finds out, and can go anywhere then

/** Goes to so many seconds into a recording and plays. */
export function playFrom(video, offset) {
  const go = () => {
    video.currentTime = Math.min(offset, Math.max(0, video.duration - 1));
    video.play().catch(() => {});
  };
  video.addEventListener("loadedmetadata", () => {
    if (Number.isFinite(video.duration)) { go(); return; }
    const found = () => {
      if (!Number.isFinite(video.duration)) return;
      video.removeEventListener("durationchange", found);
      go();
    };
    video.addEventListener("durationchange", found);
    video.currentTime = FAR;
  }, { once: true });
}

class Replay {
  constructor(root) {
    this.root = root;
    this.buttons = Array.from(root.querySelectorAll("[data-replay-tape]"));
    for (const button of this.buttons) button.addEventListener("click", () => this.play(button));
    if (this.buttons.length) this.play(this.buttons[0]);
  }

  async play(button) {
    const { replay: number } = this.root.dataset, { replaySeat: seat, replayTape: tape, replayOffset } = button.dataset;
    for (const one of this.buttons) one.setAttribute("aria-pressed", String(one === button));
    const fault = this.root.querySelector("[role=alert]");
    fault.textContent = "";
    try {
      const { view } = await post(`/api/v1/lots/${number}/evaluation/video/views`, { seats: [seat] });
      const video = element("video", { controls: true, muted: true, playsInline: true, "aria-label": button.textContent.trim() });
      playFrom(video, Number(replayOffset));
      video.src = `/video/${number}/views/${view}/tapes/${tape}`;
      this.root.querySelector(".picture").replaceChildren(video);
    } catch (problem) {
      fault.textContent = problem.message;
    }
  }
}

for (const root of document.querySelectorAll("[data-replay]")) root.replay = new Replay(root);
