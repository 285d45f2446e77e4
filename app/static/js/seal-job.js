// Talks to the sealing worker: one job after the other, with progress.
const LOOK = 15_000, SILENT = 6; // ms between looks, and how many of them in a row without a word mean that nothing moves any more
let worker = null, next = 0;
const waiting = new Map();

function wake() {
  if (worker) return worker;
  worker = new Worker(new URL("./seal-worker.js", import.meta.url).href, { type: "module" });
  worker.addEventListener("message", ({ data }) => {
    const job = waiting.get(data.id);
    if (!job) return;
    job.silent = 0;
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
    waiting.set(id, { succeed, fail, onProgress, silent: 0 });
    wake().postMessage({ id, job, ...details });
    if (job === "seal") watch(id);
  });
}

/** A private window keeps its files in memory, and some wait for ever for room there: then the job is ended and says so. */
function watch(id) {
  const timer = setInterval(() => {
    const job = waiting.get(id);
    if (!job) { clearInterval(timer); return; }
    job.silent += 1;
    if (job.silent < SILENT) return;
    clearInterval(timer);
    stop(Object.assign(new Error(), { code: "seal.device_full" }));
  }, LOOK);
}

/** Ends the worker and every job under way; a key that was being used is gone with it. */
export function stop(why = Object.assign(new Error("stopped"), { name: "AbortError" })) {
  worker?.terminate();
  worker = null;
  for (const job of waiting.values()) job.fail(why);
  waiting.clear();
}
