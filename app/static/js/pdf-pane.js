// A document in the page: pages drawn as they come into sight, text that can be selected and found, zoom, and a watermark that names the reader.
import * as pdfjs from "../vendor/pdfjs-dist/6.5.438/pdf.min.mjs";
import { element, icon } from "./dom.js";
import { paint, range } from "./pdf-paint.js";
import { fold, Index, within } from "./pdf-search.js";
import { sha256Hex } from "./statement.js";
import { say } from "./texts.js";

const HOME = new URL("../vendor/pdfjs-dist/6.5.438/", import.meta.url).href;
pdfjs.GlobalWorkerOptions.workerSrc = `${HOME}pdf.worker.min.mjs`;
/** The document's bytes are not those that were opened: nobody may judge by them. */
class WrongDigest extends Error {}

const STEPS = 1.2, LEAST = 0.4, MOST = 4, KEPT_PAGES = 12;

export class Pane {
  /** `bytes` are those of a document that this device holds; without them it is fetched from `data-pdf`. */
  constructor(root, bytes = null) {
    this.root = root;
    this.bytes = bytes;
    this.pages = root.querySelector(".pages");
    this.sheets = [];
    this.drawn = [];
    this.scale = 0; // 0: fit the width
    this.hits = [];
    this.watcher = new IntersectionObserver((entries) => this.seen(entries), { root: this.pages, rootMargin: "400px 0px" });
    root.addEventListener("click", (event) => {
      const button = event.target.closest("[data-pdf-do]");
      if (button) this.act(button.dataset.pdfDo);
    });
    root.querySelector("[data-pdf-page-box]")?.addEventListener("change", (event) => this.go(Number(event.target.value)));
    const find = root.querySelector("[data-pdf-find]");
    find?.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); this.find(find.value, event.shiftKey ? -1 : 1); } });
    find?.addEventListener("input", () => { if (!find.value) this.find("", 1); });
    root.querySelector("[data-pdf-hitlist]")?.addEventListener("click", (event) => {
      const hit = event.target.closest("[data-hit]");
      if (hit) this.show(Number(hit.dataset.hit));
    });
    this.pages.addEventListener("scroll", () => this.follow(), { passive: true });
    this.width = 0;
    new ResizeObserver(() => { if (!this.scale && this.pages.clientWidth !== this.width) this.layOut(); }).observe(this.pages);
  }

  async open() {
    this.pages.replaceChildren(element("p", { className: "message", role: "status" }, say("pdf.loading")));
    const options = { data: this.bytes ?? await this.fetchChecked(), cMapUrl: `${HOME}cmaps/`, cMapPacked: true, standardFontDataUrl: `${HOME}standard_fonts/`, wasmUrl: `${HOME}wasm/`, iccUrl: `${HOME}iccs/`, isEvalSupported: false, enableXfa: false };
    this.document = await pdfjs.getDocument(options).promise;
    const first = await this.document.getPage(1);
    this.size = first.getViewport({ scale: 1 });
    this.pages.replaceChildren();
    for (let number = 1; number <= this.document.numPages; number += 1) {
      const sheet = element("div", { className: "pdfpage", "data-number": String(number), role: "group", "aria-label": String(number) });
      this.sheets.push(sheet);
      this.pages.append(sheet);
      this.watcher.observe(sheet);
    }
    const count = this.root.querySelector("[data-pdf-count]");
    if (count) count.textContent = `/ ${this.document.numPages}`;
    this.index = new Index(this.document);
    this.layOut();
    this.go(Number(this.root.dataset.pdfPage ?? 1));
    this.root.dispatchEvent(new CustomEvent("gh:document", { bubbles: true }));
  }

  /** The document's own table of contents: `{title, page, depth}` in its order. */
  async outline() {
    const found = [];
    const walk = async (items, depth) => {
      for (const item of items ?? []) {
        const dest = typeof item.dest === "string" ? await this.document.getDestination(item.dest) : item.dest;
        const page = dest?.[0] && typeof dest[0] === "object" ? (await this.document.getPageIndex(dest[0])) + 1 : 0;
        if (page) found.push({ title: item.title, page, depth });
        if (depth < 2) await walk(item.items, depth + 1);
      }
    };
    await walk(await this.document.getOutline(), 0);
    return found;
  }

  /** The bytes, compared with the digest that the page names before anything is drawn. */
  async fetchChecked() {
    const answer = await fetch(this.root.dataset.pdf, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const badge = this.root.querySelector("[data-pdf-sha256]");
    if (badge) {
      const isSame = (await sha256Hex(bytes)) === badge.dataset.pdfSha256;
      badge.className = `tag ${isSame ? "ok" : "bad"}`;
      badge.replaceChildren(icon(isSame ? "check" : "bad"), `${say(isSame ? "pdf.same" : "pdf.differs")} ${badge.dataset.pdfSha256.slice(0, 8)}…`);
      if (!isSame) throw new WrongDigest();
    }
    return bytes;
  }

  get zoom() { return this.scale || Math.max(LEAST, (this.pages.clientWidth - 64) / this.size.width); }
  /** The words that were looked for, while one stands on the place where they were found. */
  get found() { return this.hits[this.at]?.page === this.page ? this.wanted : ""; }
  get page() { return Number(this.root.dataset.pdfPage ?? 1); }

  layOut() {
    if (!this.size) return;
    const at = this.page;
    this.width = this.pages.clientWidth;
    const shown = this.root.querySelector("[data-pdf-zoom]");
    if (shown) shown.textContent = `${Math.round(this.zoom * 100)}%`;
    for (const sheet of this.sheets) {
      const size = sheet.pdfSize ?? this.size;
      sheet.style.width = `${Math.floor(size.width * this.zoom)}px`;
      sheet.style.height = `${Math.floor(size.height * this.zoom)}px`;
      this.clear(sheet);
    }
    this.drawn = [];
    if (this.sheets.length) this.go(at);
    for (const sheet of this.sheets) { this.watcher.unobserve(sheet); this.watcher.observe(sheet); }
  }

  clear(sheet) {
    sheet.pdfTask?.cancel();
    sheet.pdfTask = sheet.pdfDivs = sheet.pdfNow = null;
    sheet.replaceChildren();
  }

  seen(entries) {
    for (const { isIntersecting, target } of entries) if (isIntersecting && !target.firstChild) this.draw(target);
  }

  async draw(sheet) {
    const mark = (sheet.pdfMark = Symbol("draw"));
    const page = await this.document.getPage(Number(sheet.dataset.number));
    if (sheet.pdfMark !== mark || sheet.firstChild) return;
    sheet.pdfSize = page.getViewport({ scale: 1 });
    const viewport = page.getViewport({ scale: this.zoom });
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    sheet.style.width = `${Math.floor(viewport.width)}px`;
    sheet.style.height = `${Math.floor(viewport.height)}px`;
    sheet.style.setProperty("--total-scale-factor", String(this.zoom));
    const canvas = element("canvas", { width: Math.floor(viewport.width * ratio), height: Math.floor(viewport.height * ratio), "aria-hidden": "true" });
    const layer = element("div", { className: "textLayer" });
    sheet.append(canvas, layer);
    if (this.root.dataset.watermark) sheet.append(this.watermark(viewport.width, viewport.height));
    this.drawn.push(sheet);
    if (this.drawn.length > KEPT_PAGES) this.clear(this.drawn.shift());
    try {
      sheet.pdfTask = page.render({ canvas, viewport, transform: ratio === 1 ? undefined : [ratio, 0, 0, ratio, 0, 0] });
      await sheet.pdfTask.promise;
      const text = new pdfjs.TextLayer({ textContentSource: page.streamTextContent(), container: layer, viewport });
      await text.render();
      if (!layer.isConnected) return;
      sheet.pdfDivs = text.textDivs;
      await this.paint(sheet);
      this.root.dispatchEvent(new CustomEvent("gh:drawn", { bubbles: true, detail: { page: Number(sheet.dataset.number), sheet } }));
    } catch (fault) {
      if (fault.name !== "RenderingCancelledException") throw fault;
    }
  }

  watermark(width, height) {
    const words = `${this.root.dataset.watermark} ${new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai" })}`;
    const canvas = element("canvas", { className: "wm", width: Math.floor(width), height: Math.floor(height), "aria-hidden": "true" });
    const pen = canvas.getContext("2d");
    pen.font = `600 20px ${getComputedStyle(document.body).fontFamily}`;
    pen.fillStyle = "rgb(20 40 80 / .07)";
    pen.rotate(-0.4);
    const gap = pen.measureText(words).width + 90;
    for (let y = 0; y < height * 1.8; y += 150) for (let x = -height; x < width; x += gap) pen.fillText(words, x, y);
    return canvas;
  }

  act(deed) {
    if (!this.document) return;
    if (deed === "prev") this.go(this.page - 1);
    if (deed === "next") this.go(this.page + 1);
    if (deed === "fit") { this.scale = 0; this.layOut(); }
    if (deed === "in" || deed === "out") {
      this.scale = Math.min(MOST, Math.max(LEAST, this.zoom * (deed === "in" ? STEPS : 1 / STEPS)));
      this.layOut();
    }
  }

  go(number) {
    const page = Math.min(this.sheets.length, Math.max(1, Number.isInteger(number) ? number : 1));
    if (!this.sheets.length) return;
    this.pages.scrollTop = this.sheets[page - 1].offsetTop - this.pages.offsetTop - 8;
    this.mark(page);
  }

  mark(page) {
    this.root.dataset.pdfPage = String(page);
    const box = this.root.querySelector("[data-pdf-page-box]");
    if (box && document.activeElement !== box) box.value = String(page);
    this.root.dispatchEvent(new CustomEvent("gh:page", { bubbles: true, detail: { page } }));
  }

  follow() {
    const middle = this.pages.scrollTop + this.pages.offsetTop + this.pages.clientHeight / 3;
    const at = this.sheets.findIndex((sheet) => sheet.offsetTop + sheet.offsetHeight > middle);
    if (at >= 0 && at + 1 !== this.page) this.mark(at + 1);
  }

  /** Goes to the next place that has the words, wherever in the document; all of them are listed, and coloured where they are in sight. */
  async find(words, by) {
    const told = this.root.querySelector("[data-pdf-hits]");
    const wanted = words.trim();
    if (wanted === this.wanted && this.hits.length) { this.show((this.at + by + this.hits.length) % this.hits.length); return; }
    this.wanted = wanted;
    this.hits = [];
    if (wanted) {
      const found = await this.index.find(wanted, (number) => {
        if (number % 20 === 0) told.textContent = say("pdf.looking", { page: number });
        return this.wanted === wanted;
      });
      if (this.wanted !== wanted) return;
      this.hits = found;
    }
    this.list();
    for (const sheet of this.drawn) this.paint(sheet);
    if (!this.hits.length) { told.textContent = wanted ? say("pdf.none") : ""; return; }
    const next = this.hits.findIndex((hit) => hit.page >= this.page);
    this.show(next < 0 ? 0 : next);
  }

  /** One hit by its number, in the middle of what is seen. */
  show(at) {
    this.at = at;
    this.root.querySelector("[data-pdf-hits]").textContent = say("pdf.hits", { now: at + 1, all: this.hits.length });
    for (const row of this.root.querySelectorAll("[data-hit]")) {
      const isNow = Number(row.dataset.hit) === at;
      row.toggleAttribute("aria-current", isNow);
      if (isNow) row.parentElement.scrollTop = row.offsetTop - row.parentElement.offsetTop - row.offsetHeight * 2;
    }
    const hit = this.hits[at], sheet = this.sheets[hit.page - 1];
    if (this.page !== hit.page) this.go(hit.page);
    this.sought = hit;
    for (const each of this.drawn) this.paint(each);
    if (sheet.pdfDivs) this.centre(sheet);
  }

  centre(sheet) {
    const box = sheet.pdfNow?.getBoundingClientRect(), frame = this.pages.getBoundingClientRect();
    this.sought = null;
    if (box && (box.top < frame.top || box.bottom > frame.bottom)) this.pages.scrollTop += box.top - frame.top - frame.height / 3;
  }

  list() {
    const list = this.root.querySelector("[data-pdf-hitlist]");
    if (!list) return;
    list.hidden = this.hits.length < 2;
    list.replaceChildren(...this.hits.slice(0, 200).map((hit, at) => element("button", { type: "button", "data-hit": String(at) },
      element("em", {}, say("pdf.page", { page: hit.page })), element("span", {}, `…${hit.before}`, element("mark", {}, this.wanted), `${hit.after}…`))));
  }

  async paint(sheet) {
    if (!sheet.pdfDivs) return;
    const number = Number(sheet.dataset.number);
    const near = this.hits.filter((hit) => hit.page === number || hit.page === number - 1);
    if (!near.length) { paint("pdf-hit", sheet, []); paint("pdf-now", sheet, []); return; }
    const page = await this.index.page(number);
    const all = [], now = [];
    for (const hit of near) {
      const part = within(hit, number, (of) => this.index.pages.get(of)?.text.length ?? 0);
      const made = part && range(sheet.pdfDivs, page, ...part);
      if (made) (hit === this.hits[this.at] ? now : all).push(made);
    }
    sheet.pdfNow = now[0];
    paint("pdf-hit", sheet, all);
    paint("pdf-now", sheet, now);
    if (this.sought?.page === number && sheet.pdfNow) this.centre(sheet);
  }

  /** Where these words stand on a page that is drawn, as a range; null where they do not. */
  async placeOf(number, words) {
    const sheet = this.sheets[number - 1];
    if (!sheet?.pdfDivs || !words) return null;
    const page = await this.index.page(number);
    const wanted = fold([words]).text;
    const at = page.text.indexOf(wanted);
    return at < 0 ? null : range(sheet.pdfDivs, page, at, at + wanted.length);
  }
}

/** Says in a pane's place that its document can't be shown. */
export function failed(pane, fault) {
  console.error(fault);
  const { pdf } = pane.root.dataset;
  pane.pages.replaceChildren(element("p", { className: "message", role: "alert" }, say(fault instanceof WrongDigest ? "pdf.stop" : "pdf.failed"), pdf ? " " : "", pdf ? element("a", { href: pdf }, say("pdf.download")) : ""));
}

for (const root of document.querySelectorAll("[data-pdf]")) {
  const pane = (root.pdfPane = new Pane(root));
  pane.open().catch((fault) => failed(pane, fault));
}

/** The document that the keys are for: the one in which one works, otherwise the first. */
export const active = () => (document.querySelector("[data-pdf]:focus-within") ?? document.querySelector("[data-pdf]"))?.pdfPane;

document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, textarea, select, dialog") || event.ctrlKey || event.metaKey || event.altKey) return;
  const by = { "[": -1, "]": 1 }[event.key];
  const pane = by && active();
  if (pane?.document) pane.go(pane.page + by);
});

/** Buttons anywhere that point into the document: data-pdf-goto="86". */
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-pdf-goto]");
  if (link) document.querySelector("[data-pdf]")?.pdfPane?.go(Number(link.dataset.pdfGoto));
});
