// Bookmarks and notes of one's own in the documents: bound to criteria, shown beside the page, listed in the sheet, and cited in the reason that
// is signed. They are saved to the seat and to nobody else.
import { get, put, request } from "./http.js";
import { element, icon, toast } from "./dom.js";
import { Box } from "./drafts.js";
import { paint } from "./pdf-paint.js";
import { say } from "./texts.js";

const CITED = /\s*【引用 [^】]*】$/;
const QUOTE = 500;

const counted = (pages) => {
  const counts = new Map();
  for (const page of [...pages].sort((one, other) => one - other)) counts.set(page, (counts.get(page) ?? 0) + 1);
  return Array.from(counts.entries());
};

/** A reason with the pages that its notes point to, in the place of those that it named before. `places`: [{file, pages}], `file` named only
 * where a bid has several. */
export function cited(reason, places) {
  const plain = reason.replace(CITED, "");
  const said = places.map(({ file, pages }) => `${file ? `${file.replace(/[【】]/g, "")} ` : ""}${counted(pages).map(([page, count]) => `第${page}页${count > 1 ? `×${count}` : ""}`).join("、")}`).join("；");
  return said ? `${plain}${plain ? " " : ""}【引用 ${said}】` : plain;
}

class Notes {
  constructor(root) {
    this.root = root; // data-notes: the address, data-code, data-sha256, data-read-only
    this.url = root.dataset.notes;
    this.all = [];
    this.viewer = document.querySelector("[data-pdf]");
    this.files = new Map(Array.from(document.querySelectorAll("[data-file]"), (link) => [link.dataset.file, link.dataset.fileName]));
    this.kept = new Box(root.dataset.bufferKey ?? "", `${this.url}|${root.dataset.code}|${root.dataset.sha256}`);
    this.dialog = document.querySelector("[data-note-dialog]");
    this.form = this.dialog?.querySelector("form");
    this.form?.addEventListener("input", () => this.keepTyped());
    this.form?.addEventListener("submit", (event) => { event.preventDefault(); this.save(); });
    document.addEventListener("click", (event) => this.clicked(event));
    document.addEventListener("keydown", (event) => {
      if (event.target.closest("input, textarea, select, dialog") || event.ctrlKey || event.metaKey || event.altKey) return;
      if (/^[bB]$/.test(event.key)) this.bookmark();
      if (/^[nN]$/.test(event.key)) { event.preventDefault(); this.begin(); }
    });
    this.viewer?.addEventListener("gh:drawn", ({ detail }) => this.lay(detail.sheet, detail.page));
    document.addEventListener("gh:criterion", ({ detail }) => { this.criterion = detail.code; });
    document.addEventListener("gh:page", () => this.marks());
    this.load().catch((fault) => console.error(fault));
    this.kept.get().then((held) => { this.half = held; this.hint(); });
  }

  get pane() { return this.viewer?.pdfPane; }
  get page() { return this.pane?.page ?? 1; }

  async load() {
    this.all = (await get(this.url, { quiet: true })).notes;
    this.show();
  }

  get here() { return this.all.filter((one) => one.code === this.root.dataset.code); }
  get shown() { return this.here.filter((one) => one.sha256 === this.root.dataset.sha256); }

  // Making and deleting

  async keep(note) {
    const id = note.id ?? crypto.randomUUID();
    const body = { code: this.root.dataset.code, sha256: this.root.dataset.sha256, page: note.page, kind: note.kind, criterion: note.criterion ?? "", quote: note.quote ?? "", text: note.text ?? "" };
    await put(`${this.url}/${id}`, body);
    this.all = [...this.all.filter((one) => one.id !== id), { ...body, id, at: new Date().toISOString() }];
    this.show();
    this.cite(body.criterion);
  }

  async drop(id) {
    await request("DELETE", `${this.url}/${id}`);
    const gone = this.all.find((one) => one.id === id);
    this.all = this.all.filter((one) => one.id !== id);
    this.show();
    this.cite(gone?.criterion);
  }

  bookmark() {
    if (this.root.hasAttribute("data-read-only")) return;
    const known = this.shown.find((one) => one.kind === "bookmark" && one.page === this.page);
    (known ? this.drop(known.id) : this.keep({ kind: "bookmark", page: this.page })).catch((fault) => toast(fault.message, "bad"));
  }

  /** A note on what is selected or was found, or on the page; it is about the criterion at hand unless one chooses another. One that was half
   * typed when the page went is gone on with. */
  begin() {
    if (!this.dialog || this.root.hasAttribute("data-read-only")) return;
    const chosen = getSelection();
    const sheet = chosen?.anchorNode?.parentElement?.closest(".pdfpage");
    const half = this.half;
    const quote = (sheet ? chosen.toString() : "").replace(/\s+/g, " ").trim() || (this.pane?.found ?? "");
    this.draft = half ?? { kind: "note", page: Number(sheet?.dataset.number ?? this.page), quote: quote.slice(0, QUOTE) };
    this.form.querySelector("[data-note-place]").textContent = say("pdf.page", { page: this.draft.page });
    this.form.querySelector("[data-note-quote]").textContent = this.draft.quote;
    this.form.elements.text.value = half?.text ?? "";
    this.form.elements.criterion.value = half?.criterion ?? this.criterion ?? "";
    this.form.querySelector("[data-note-error]").textContent = "";
    this.dialog.showModal();
    this.form.elements.text.focus();
  }

  /** The half-typed note, in this browser under the seat's key. */
  keepTyped() {
    const { text, criterion } = this.form.elements;
    this.half = { ...this.draft, text: text.value, criterion: criterion.value };
    this.hint();
    this.turn = (this.turn ?? Promise.resolve()).then(() => this.half && this.kept.put(this.half)).catch(() => {});
  }

  forget() {
    this.half = null;
    this.hint();
    this.turn = (this.turn ?? Promise.resolve()).then(() => this.kept.clear()).catch(() => {});
  }

  hint() { for (const mark of document.querySelectorAll("[data-note-kept]")) mark.hidden = !this.half; }

  async save() {
    const { text, criterion } = this.form.elements;
    try {
      await this.keep({ ...this.draft, text: text.value.trim(), criterion: criterion.value });
      this.forget();
      this.dialog.close();
    } catch (fault) {
      this.form.querySelector("[data-note-error]").textContent = fault.message;
    }
  }

  clicked(event) {
    if (event.target.closest("[data-note-new]")) this.begin();
    if (event.target.closest("[data-note-close]")) { this.forget(); this.dialog.close(); }
    if (event.target.closest("[data-bookmark]")) this.bookmark();
    const drop = event.target.closest("[data-note-drop]");
    if (drop) this.drop(drop.dataset.noteDrop).catch((fault) => toast(fault.message, "bad"));
    const toggle = event.target.closest("[data-notes-list-toggle]");
    if (toggle) {
      const list = document.querySelector("[data-notes-list]");
      list.hidden = !list.hidden;
      toggle.setAttribute("aria-expanded", String(!list.hidden));
    }
  }

  // Showing

  nameOf(code) { return document.querySelector(`[data-crit="${CSS.escape(code)}"]`)?.dataset.critName ?? code; }

  show() {
    const notes = this.shown.filter((one) => one.kind === "note").sort((a, b) => a.page - b.page);
    for (const place of document.querySelectorAll("[data-notes-count]")) place.textContent = String(notes.length);
    for (const place of document.querySelectorAll("[data-bookmarks]")) {
      const pages = this.shown.filter((one) => one.kind === "bookmark").sort((a, b) => a.page - b.page);
      place.replaceChildren(...pages.map((one) => element("li", {}, element("button", { type: "button", "data-pdf-goto": String(one.page) }, icon("flag"), say("pdf.page", { page: one.page })))));
      place.closest("section").hidden = !pages.length;
    }
    for (const list of document.querySelectorAll("[data-notes-list]")) list.replaceChildren(...(notes.length ? notes.map((one) => this.card(one)) : [element("p", { className: "muted" }, say("note.none"))]));
    for (const row of document.querySelectorAll("[data-crit]")) this.pages(row);
    for (const sheet of this.pane?.drawn ?? []) this.lay(sheet, Number(sheet.dataset.number));
    this.marks();
  }

  /** 引用 第86页 ×2 under a criterion, each page a way to it; where the bid has several files, their names too. */
  pages(row) {
    const place = row.querySelector("[data-cites]");
    if (!place) return;
    const places = this.placesOf(row.dataset.crit);
    place.hidden = !places.length;
    place.replaceChildren(say("note.cites"), ...places.flatMap(({ file, sha256, pages }) => [file ? ` ${file}` : "", ...counted(pages).map(([page, count]) => {
      const words = `${say("pdf.page", { page })}${count > 1 ? ` ×${count}` : ""}`;
      if (sha256 === this.root.dataset.sha256) return element("button", { type: "button", "data-pdf-goto": String(page) }, words);
      return element("a", { href: `?file=${sha256}&page=${page}` }, words);
    })]));
  }

  /** Where the notes on a criterion stand: `{file, sha256, pages}` in the order of the files; `file` is "" where there is but one. */
  placesOf(code) {
    const notes = this.here.filter((one) => one.kind === "note" && one.criterion === code);
    return Array.from(this.files.keys()).map((sha256) => ({ sha256, file: this.files.size > 1 ? this.files.get(sha256) : "", pages: notes.filter((one) => one.sha256 === sha256).map((one) => one.page) })).filter(({ pages }) => pages.length);
  }

  cite(code) {
    const field = code && document.querySelector(`[data-crit="${CSS.escape(code)}"] textarea`);
    if (!field || field.readOnly) return;
    const text = cited(field.value, this.placesOf(code));
    if (text === field.value) return;
    if (text.length > field.maxLength) { toast(say("note.too_long"), "warn"); return; }
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  card(note) {
    return element("article", { className: "notecard", "data-note": note.id }, element("b", {}, say("note.mine")),
      element("button", { type: "button", className: "go", "data-pdf-goto": String(note.page) }, say("pdf.page", { page: note.page })),
      note.quote ? element("q", {}, note.quote.slice(0, 60)) : "", element("p", {}, note.text),
      note.criterion ? element("small", {}, say("note.bound", { name: this.nameOf(note.criterion) })) : "",
      this.root.hasAttribute("data-read-only") ? "" : element("button", { type: "button", className: "drop", "data-note-drop": note.id, "aria-label": say("note.drop", { page: note.page }) }, icon("trash")));
  }

  /** The notes of a page that has been drawn: their words coloured, their cards at its edge. */
  async lay(sheet, page) {
    const notes = this.shown.filter((one) => one.kind === "note" && one.page === page);
    for (const old of sheet.querySelectorAll(".notecard")) old.remove();
    const ranges = [];
    let free = 12;
    for (const note of notes) {
      const place = note.quote ? await this.pane.placeOf(page, note.quote) : null;
      if (!sheet.pdfDivs) return;
      if (place) ranges.push(place);
      const card = this.card(note);
      const top = place ? place.getBoundingClientRect().top - sheet.getBoundingClientRect().top : free;
      sheet.append(card);
      card.style.top = `${Math.max(free, top)}px`;
      free = Math.max(free, top) + card.offsetHeight + 6;
    }
    paint("pdf-note", sheet, ranges);
  }

  /** Which lines of the contents have marks, and whether the page in sight is bookmarked. */
  marks() {
    const isMarked = this.shown.some((one) => one.kind === "bookmark" && one.page === this.page);
    for (const button of document.querySelectorAll("[data-bookmark]")) button.setAttribute("aria-pressed", String(isMarked));
    const rows = Array.from(document.querySelectorAll("[data-outline] [data-pdf-goto]"));
    rows.forEach((row, at) => {
      const from = Number(row.dataset.pdfGoto), until = Number(rows[at + 1]?.dataset.pdfGoto ?? Infinity);
      const isIn = (page) => page >= from && page < until;
      row.toggleAttribute("data-marked", this.shown.some((one) => isIn(one.page)));
      row.toggleAttribute("aria-current", isIn(this.page));
    });
  }
}

for (const root of document.querySelectorAll("[data-notes]")) root.notes = new Notes(root);
