// Talks to the sealing worker: one job after the other, with progress.
let worker = null, next = 0;
const waiting = new Map();

function wake() {
  if (worker) return worker;
  worker = new Worker(new URL("./seal-worker.js", import.meta.url).href, { type: "module" });
  worker.addEventListener("message", ({ data }) => {
    const job = waiting.get(data.id);
    if (!job) return;
    if (data.progress) { job.onProgress(data.progress); return; }
    waiting.delete(data.id);
    if (data.fault) job.fail(Object.assign(new Error(data.fault.message), data.fault)); else job.succeed(data.result);
  });
  worker.addEventListener("error", (event) => {
    event.preventDefault?.();
    for (const job of waiting.values()) job.fail(new Error(event.message || "worker"));
    waiting.clear();
    worker = null;
  });
  return worker;
}

/** Runs one job; `onProgress({phase, done, all})`. */
export function run(job, details, onProgress = () => {}) {
  const id = (next += 1);
  return new Promise((succeed, fail) => {
    waiting.set(id, { succeed, fail, onProgress });
    wake().postMessage({ id, job, ...details });
  });
}

/** Ends the worker and every job under way; a key that was being used is gone with it. */
export function stop() {
  worker?.terminate();
  worker = null;
  for (const job of waiting.values()) job.fail(paused());
  waiting.clear();
}

/** What a job fails with that its user has stopped: nothing to be told. Browsers have an AbortError of their own, which is. */
export const paused = () => Object.assign(new Error("paused"), { name: "Paused" });
