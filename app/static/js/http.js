// Requests to our own JSON API: CSRF header, refusals as problem+json, the same bytes again when the line breaks.
import { say } from "./texts.js";
import { netline } from "./dom.js";

/** What the platform refused; `problem` is RFC 9457's object, `message` a sentence for people. */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.sentence || problem.title || say("net.fault", { status }));
    this.status = status;
    this.problem = problem;
    this.code = problem.code ?? "";
  }
}

/** The line is down; nothing is known about the request's fate, but sending the same bytes again is harmless. */
export class Unreachable extends Error {
  constructor() { super(say("net.failed")); this.code = "net.failed"; }
}

const PAUSES = [800, 2500, 6000];

export const csrf = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";
export const account = () => document.querySelector('meta[name="gh-account"]')?.content ?? "";

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

export async function request(method, url, body, { tries = PAUSES.length + 1, quiet = false, keepalive = false, timeout = 0 } = {}) {
  const headers = { Accept: "application/json, application/problem+json" };
  if (method !== "GET") headers["X-CSRFToken"] = csrf();
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const text = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
  for (let turn = 0; ; turn += 1) {
    let response = null;
    try {
      response = await fetch(url, { method, headers, body: text, credentials: "same-origin", cache: "no-store", keepalive, signal: timeout ? AbortSignal.timeout?.(timeout) : undefined });
    } catch { /* the line is down, or silent */ }
    if (response && response.status !== 503) {
      if (turn && !quiet) netline("");
      return read(response);
    }
    if (turn + 1 >= tries) {
      if (!quiet) netline("");
      if (response) return read(response);
      throw new Unreachable();
    }
    if (!quiet) netline(say("net.lost"));
    await wait(PAUSES[Math.min(turn, PAUSES.length - 1)] * (0.75 + Math.random() / 2));
  }
}

async function read(response) {
  const isJson = /[/+]json/.test(response.headers.get("Content-Type") ?? "");
  const found = isJson ? await response.json() : {};
  if (!response.ok) throw new Refused(response.status, found);
  return found;
}

export const get = (url, options) => request("GET", url, undefined, options);
export const post = (url, body, options) => request("POST", url, body, options);
export const put = (url, body, options) => request("PUT", url, body, options);
