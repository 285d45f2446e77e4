// An audio worklet that lowers the pitch: two taps run down a delay line and fade into each other.
const SIZE = 4096, SPAN = 2048, RATIO = 0.72; // samples kept, samples that a tap travels, the new pitch

class VoiceLower extends AudioWorkletProcessor {
  constructor() {
    super();
    this.ring = new Float32Array(SIZE);
    this.at = 0;
    this.phase = 0;
  }

  process([input], [output]) {
    const heard = input[0];
    if (!heard) return true;
    for (let n = 0; n < heard.length; n += 1) {
      this.ring[this.at % SIZE] = heard[n];
      this.phase = (this.phase + (1 - RATIO) / SPAN) % 1;
      let said = 0;
      for (const tap of [this.phase, (this.phase + 0.5) % 1]) said += this.ring[(this.at - Math.floor(tap * SPAN) + SIZE) % SIZE] * Math.sin(Math.PI * tap) ** 2;
      for (const channel of output) channel[n] = said;
      this.at += 1;
    }
    return true;
  }
}

registerProcessor("voice-lower", VoiceLower);
