// The server's clock, by round trips to /time: of several answers the quickest is believed.
import { get } from "./http.js";

let best = null; // {offset, error}: server time = performance.now() + offset, within error
let asked = null;

export const serverNow = () => (best ? performance.now() + best.offset : null);
export const clockError = () => best?.error ?? null;

async function ask() {
  const sent = performance.now();
  const { now } = await get("/time", { tries: 1, quiet: true });
  const came = performance.now();
  return { offset: Date.parse(now) + (came - sent) / 2 - came, error: Math.ceil((came - sent) / 2) };
}

/** Sets the clock; again after sleep and every five minutes. Resolves to whether the server answered. */
export async function synchronise() {
  asked ??= (async () => {
    const answers = [];
    for (let turn = 0; turn < 4; turn += 1) {
      try { answers.push(await ask()); } catch { break; }
    }
    if (answers.length) best = answers.reduce((a, b) => (b.error < a.error ? b : a));
    return answers.length > 0;
  })().finally(() => { asked = null; });
  return asked;
}
