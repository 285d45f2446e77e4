// Resumable uploads (tus 1.0.0): parts of 8 MiB with their SHA-256, taken up again after a broken line, a closed tab or a restart.
import "../vendor/tus-js-client/4.3.1/tus.min.js";
import { csrf } from "./http.js";
import { b64, sha256 } from "./statement.js";

const { Upload, DefaultHttpStack } = window.tus;
export const PART = 8 * 1024 * 1024;
const PAUSES = [500, 1000, 2000, 4000, 8000, ...Array(120).fill(10000)]; // twenty minutes of a dead line

/** The stock requests, with the checksum extension's header before each part. */
class ChecksumStack {
  constructor() { this.stock = new DefaultHttpStack(); }

  createRequest(method, url) {
    const asked = this.stock.createRequest(method, url);
    const send = asked.send.bind(asked), abort = asked.abort.bind(asked);
    let isAborted = false;
    asked.abort = () => { isAborted = true; return abort(); };
    asked.send = async (body) => {
      if (method !== "PATCH" || !body) return send(body);
      const digest = b64(await sha256(body instanceof Blob ? await body.arrayBuffer() : body));
      if (isAborted) return new Promise(() => {}); // paused while the part was being hashed
      asked.setHeader("Upload-Checksum", `sha256 ${digest}`);
      return send(body); // a piece of the file itself: the browser reads it where it lies, rather than from this page's memory
    };
    return asked;
  }

  getName() { return "ChecksumStack"; }
}

/** Uploads a Blob; for practice it never reaches the store of bids. Hooks: onUrl(url), onProgress(done, all), onBroken(), onResumed(). Returns {done: Promise<id>, pause(), resume()}. */
export function upload(blob, { url = null, endpoint = "/uploads/", practice = false, onUrl = () => {}, onProgress = () => {}, onBroken = () => {}, onResumed = () => {} } = {}) {
  let isBroken = false;
  let task;
  const done = new Promise((succeed, fail) => {
    task = new Upload(blob, {
      endpoint, uploadUrl: url, chunkSize: PART, retryDelays: PAUSES, storeFingerprintForResuming: false, removeFingerprintOnSuccess: true,
      metadata: practice ? { practice: "1" } : {}, headers: { "X-CSRFToken": csrf() }, httpStack: new ChecksumStack(),
      onUploadUrlAvailable: () => onUrl(task.url),
      onShouldRetry: (fault) => {
        const status = fault.originalResponse?.getStatus() ?? 0;
        const isWorthIt = status === 0 || status === 409 || status === 423 || status === 429 || status === 460 || status >= 500;
        if (isWorthIt && !isBroken) { isBroken = true; onBroken(); }
        return isWorthIt;
      },
      onChunkComplete: (_, accepted, all) => {
        if (isBroken) { isBroken = false; onResumed(); }
        onProgress(accepted, all);
      },
      onProgress: (sent, all) => onProgress(sent, all),
      onError: fail,
      onSuccess: () => succeed(idOf(task.url)),
    });
    task.start();
  });
  return { done, pause: () => task.abort(), resume: () => task.start() };
}

export const idOf = (url) => new URL(url, location.href).pathname.split("/").filter(Boolean).pop();
