"""What leaves a member's browser in the shielded form, decoded by a player that is not ours: no face is in it, and no voice."""

from __future__ import annotations

import subprocess
import time
import wave
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import sync_playwright
from sqlalchemy import select

from core.kernel.tapestore import TapeStore
from evaluation.domain.recording import Form
from evaluation.models.recordings import Tape
from tests.browser.cameras import FAKE, told, visit
from tests.browser.chromium import EXECUTABLE, FLAGS
from tests.browser.people import until
from tests.builders.recorders import seated, ticket
from tests.builders.served import Served

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400), pytest.mark.sqlite_alone]

RATE, TONE, LOWER = 48_000, 1_000, 0.72  # Hz; Hz; what the worklet makes of a pitch
CELL = 4  # pixels of the camera's 640 × 360 that a cell of the pattern takes; a square of the shield takes 20
SWING = 50  # by how much it is lighter or darker than what it lies on

PATTERNED = f"""
(() => {{
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {{
    const quiet = {{ echoCancellation: false, noiseSuppression: false, autoGainControl: false }};
    const camera = await open({{ video: wanted.video, audio: wanted.audio && quiet }}), [seen] = camera.getVideoTracks();
    const canvas = new OffscreenCanvas(640, 360), pen = canvas.getContext("2d", {{ alpha: false }}), drawn = pen.createImageData(640, 360);
    for (let y = 0; y < 360; y += 1) for (let x = 0; x < 640; x += 1) {{
      const at = (y * 640 + x) * 4, odd = (Math.floor(x / {CELL}) + Math.floor(y / {CELL})) % 2;
      const light = 70 + Math.floor(x / 20) * 3 + Math.floor(y / 20) + (odd ? {SWING} : -{SWING});
      drawn.data.set([light, light, light, 255], at);
    }}
    pen.putImageData(drawn, 0, 0);
    const pattern = new TransformStream({{ transform(frame, out) {{
      const {{ timestamp }} = frame;
      frame.close();
      out.enqueue(new VideoFrame(canvas, {{ timestamp, alpha: "discard" }}));
    }} }});
    const made = new MediaStreamTrackGenerator({{ kind: "video" }});
    new MediaStreamTrackProcessor({{ track: seen }}).readable.pipeThrough(pattern).pipeTo(made.writable);
    return new MediaStream([made, ...camera.getAudioTracks()]);
  }};
}})();
"""
"""A camera that sees a chessboard finer than the shield's squares, over light that grows from square to square."""


def tone(path: Path) -> None:
    """A pure tone of four seconds, which Chromium plays into its microphone again and again."""
    wavering = np.sin(2 * np.pi * TONE * np.arange(4 * RATE) / RATE) * 12_000
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(wavering.astype("<i2").tobytes())


def frames(recording: Path, width: int, height: int) -> NDArray[np.float64]:
    """The light of every picture of a recording, decoded by ffmpeg."""
    command = ["ffmpeg", "-v", "error", "-i", str(recording), "-an", "-f", "rawvideo", "-pix_fmt", "gray", "-"]
    found = subprocess.run(command, capture_output=True, check=True).stdout
    return np.frombuffer(found, np.uint8).reshape(-1, height, width).astype(float)[10:]  # the encoder finds its rate in the first


def sound(recording: Path) -> NDArray[np.float64]:
    """Its sound, empty where it has none."""
    command = ["ffmpeg", "-v", "error", "-i", str(recording), "-vn", "-ac", "1", "-ar", str(RATE), "-f", "f32le", "-"]
    found = subprocess.run(command, capture_output=True, check=False)
    assert found.returncode == 0 or b"does not contain any stream" in found.stderr, found.stderr
    return np.frombuffer(found.stdout, np.float32).astype(float)


def spectrum(heard: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Frequencies and their strength over one second from the second second on."""
    piece = heard[2 * RATE : 3 * RATE]
    return np.fft.rfftfreq(len(piece), 1 / RATE), np.abs(np.fft.rfft(piece * np.hanning(len(piece))))


def peak(heard: NDArray[np.float64]) -> float:
    """The frequency that is heard most."""
    pitch, found = spectrum(heard)
    return float(pitch[found.argmax()])


def strength(heard: NDArray[np.float64], around: float) -> float:
    """The share of all that is heard within 40 Hz of a frequency."""
    pitch, found = spectrum(heard)
    return float((found[np.abs(pitch - around) < 40] ** 2).sum() / (found**2).sum())


def likeness(pictures: NDArray[np.float64]) -> float:
    """How much of the chessboard is in the mean of these pictures: its correlation with what is left when light that grows is taken off."""
    mean = pictures.mean(axis=0)
    cell = CELL * mean.shape[1] // 640
    rows, columns = np.indices(mean.shape) // cell
    board = np.where((rows + columns) % 2, 1.0, -1.0)
    size = 20 * mean.shape[1] // 640
    squares = mean.reshape(mean.shape[0] // size, size, mean.shape[1] // size, size)
    rest = (squares - squares.mean(axis=(1, 3), keepdims=True)).reshape(mean.shape)
    return float(abs((rest * board).mean()) / SWING)


def recorded(served: Served, cookie: str, number: str, seconds: float, folder: Path) -> None:
    """A member's camera runs for so long."""
    flags = [*FLAGS, *FAKE, f"--use-file-for-fake-audio-capture={folder / 'tone.wav'}"]
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=EXECUTABLE, args=flags)
        seat, _ = visit(browser, served, cookie, f"/lots/{number}/evaluation/camera", PATTERNED)
        until(lambda: told(seat, "[data-camera]", "camera-state") == "live", 60)
        time.sleep(seconds)
        for context in browser.contexts:
            context.close()
        browser.close()


def test_no_face_and_no_voice_leaves_the_browser_in_the_shielded_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served = Served(tmp_path, told={"VIDEO_VOICE": "shifted"})
    tone(tmp_path / "tone.wav")
    with served.prepared() as app:
        room = seated(served, app, monkeypatch)
        cookie = ticket(app, room.members[0])
    served.start()
    recorded(served, cookie, room.number, 6, tmp_path)
    served.kill()
    served.told["VIDEO_VOICE"] = "muted"
    served.start()
    recorded(served, cookie, room.number, 2, tmp_path)
    served.kill()
    with served.prepared() as app:
        store = TapeStore(served.settings.tapes_dir)
        by_age = select(Tape.id, Tape.form).order_by(Tape.begun_at)
        tapes = app.extensions["gongheng"].door.read(lambda session: session.execute(by_age).all())
    clear, muted_clear = (store.recording(str(tape)) for tape, form in tapes if form is Form.CLEAR)
    shield, muted = (store.recording(str(tape)) for tape, form in tapes if form is Form.SHIELD)

    seen, hidden = frames(clear, 640, 360), frames(shield, 320, 180)
    assert len(seen) > 50 and len(hidden) > 50
    squares = hidden.reshape(-1, 18, 10, 32, 10)[:, :, 2:-2, :, 2:-2]  # without the seams, which the encoder softens
    assert squares.std(axis=(2, 4)).max() < 4 and squares.std(axis=(2, 4)).mean() < 1  # of 255, in every picture: what the encoder adds
    assert squares.mean(axis=(2, 4)).std() > 10  # a picture all the same
    assert likeness(seen) > 0.8 and likeness(hidden) < 0.01

    voice, lowered = sound(clear), sound(shield)
    assert peak(voice) == pytest.approx(TONE, abs=2) and strength(voice, TONE) > 0.9
    assert peak(lowered) == pytest.approx(TONE * LOWER, abs=12) and strength(lowered, TONE * LOWER) > 0.9
    assert strength(lowered, TONE) < 0.001
    assert len(sound(muted)) == 0 and len(sound(muted_clear)) > RATE
