// The vendored tus-js-client, unmodified, run by Node: `node tus_upload.cjs CLIENT FILE ENDPOINT COOKIE [stop=BYTES] [url=URL]`.
// Node has no XMLHttpRequest, so requests go through the client's own `httpStack` option. Prints JSON: {url, done, retries}.
const fs = require("node:fs"), http = require("node:http");

const [client, file, endpoint, cookie, ...more] = process.argv.slice(2);
const { Upload } = require(client);
const told = Object.fromEntries(more.map((word) => [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)]));
const agent = new http.Agent({ keepAlive: true });

class Asked {
  constructor(method, url) { Object.assign(this, { method, url, headers: { Cookie: cookie }, progress: () => {} }); }
  getMethod() { return this.method; }
  getURL() { return this.url; }
  setHeader(name, value) { this.headers[name] = value; }
  getHeader(name) { return this.headers[name]; }
  setProgressHandler(handler) { this.progress = handler; }
  getUnderlyingObject() { return this.request; }
  abort() { this.request?.destroy(); return Promise.resolve(); }
  async send(body) {
    const bytes = body ? Buffer.from(await body.arrayBuffer()) : null;
    return new Promise((succeed, fail) => {
      const headers = bytes ? { ...this.headers, "Content-Length": bytes.length } : this.headers;
      this.request = http.request(this.url, { method: this.method, headers, agent }, (answer) => {
        let text = "";
        answer.on("data", (piece) => { text += piece; });
        answer.on("end", () => succeed({ getStatus: () => answer.statusCode, getHeader: (name) => answer.headers[name.toLowerCase()], getBody: () => text, getUnderlyingObject: () => answer }));
      });
      this.request.on("error", fail);
      this.request.end(bytes);
    });
  }
}

let retries = 0;
const say = (done) => { fs.writeSync(1, JSON.stringify({ url: upload.url, done, retries })); process.exit(0); };
const upload = new Upload(new Blob([fs.readFileSync(file)]), {
  endpoint, uploadUrl: told.url ?? null, chunkSize: 1024 * 1024, retryDelays: [50, 100, 200, 400, 800], metadata: { filename: "技术标.age" },
  storeFingerprintForResuming: false, httpStack: { createRequest: (method, url) => new Asked(method, url), getName: () => "node:http" },
  onShouldRetry: () => { retries += 1; return true; },
  onChunkComplete: (_, accepted) => { if (told.stop && accepted >= Number(told.stop)) say(false); },
  onError: (fault) => { fs.writeSync(2, String(fault)); process.exit(1); },
  onSuccess: () => say(true),
});
upload.start();
