// The shielded form of a camera, made before anything leaves this browser: the whole frame in coarse squares, the sound left out or lowered.
const ACROSS = 32, DOWN = 18, WIDTH = 320, HEIGHT = 180, FRAMES = 15;
const WORKLET = new URL("./voice-lower.js", import.meta.url).pathname;

/** A stream in which nobody is known again. `voice`: "muted" or "shifted"; `stop` lets go of everything. */
export async function shield(stream, voice) {
  const [picture] = stream.getVideoTracks();
  const ends = [];
  const track = "MediaStreamTrackProcessor" in window && "MediaStreamTrackGenerator" in window ? ofFrames(picture, ends) : await ofCanvas(picture, ends);
  const made = new MediaStream([track]);
  if (voice === "shifted" && stream.getAudioTracks().length) made.addTrack(await lowered(stream, ends));
  return { stream: made, hasSound: made.getAudioTracks().length > 0, stop: () => { track.stop(); for (const end of ends) end(); } };
}

/** A canvas on which a picture is drawn so small that its face is gone, and a larger one that shows those squares. */
function mosaic(make) {
  const [small, large] = [make(ACROSS, DOWN), make(WIDTH, HEIGHT)];
  const [fine, coarse] = [small, large].map((one) => one.getContext("2d", { alpha: false }));
  coarse.imageSmoothingEnabled = false;
  return (source) => {
    fine.drawImage(source, 0, 0, ACROSS, DOWN);
    coarse.drawImage(small, 0, 0, ACROSS, DOWN, 0, 0, WIDTH, HEIGHT);
    return large;
  };
}

/** Frame by frame, in a hidden window too (Chromium). */
function ofFrames(picture, ends) {
  const source = picture.clone();
  const draw = mosaic((width, height) => new OffscreenCanvas(width, height));
  const squares = new TransformStream({
    transform(frame, out) {
      const { timestamp } = frame;
      const shown = draw(frame);
      frame.close();
      out.enqueue(new VideoFrame(shown, { timestamp, alpha: "discard" }));
    },
  });
  const made = new MediaStreamTrackGenerator({ kind: "video" });
  new MediaStreamTrackProcessor({ track: source }).readable.pipeThrough(squares).pipeTo(made.writable).catch(() => {});
  ends.push(() => source.stop());
  return made;
}

/** By a canvas and a timer, where frames cannot be had: only while the window is in sight. */
async function ofCanvas(picture, ends) {
  const video = Object.assign(document.createElement("video"), { srcObject: new MediaStream([picture]), muted: true, playsInline: true });
  await video.play();
  let shown = null;
  const draw = mosaic((width, height) => Object.assign(document.createElement("canvas"), { width, height }));
  shown = draw(video);
  const timer = setInterval(() => draw(video), 1000 / FRAMES);
  ends.push(() => { clearInterval(timer); video.srcObject = null; });
  return shown.captureStream(FRAMES).getVideoTracks()[0];
}

/** The sound with its pitch lowered. */
async function lowered(stream, ends) {
  const context = new AudioContext();
  await context.audioWorklet.addModule(WORKLET);
  const out = context.createMediaStreamDestination();
  context.createMediaStreamSource(new MediaStream(stream.getAudioTracks())).connect(new AudioWorkletNode(context, "voice-lower")).connect(out);
  ends.push(() => context.close());
  return out.stream.getAudioTracks()[0];
}
