// Bookmarks and notes of one's own in the documents: bound to criteria, shown beside the page, listed in the sheet, and cited in the reason that
// is signed. They are saved to the seat and to nobody else.
import { get, put, request } from "./http.js";
import { element, icon, toast } from "./dom.js";
import { paint } from "./pdf-paint.js";
import { say } from "./texts.js";

const CITED = /\s*【引用 [^】]*】$/;
const QUOTE = 500;

/** A reason with the pages that its notes point to, in the place of those that it named before. */
export function cited(reason, pages) {
  const plain = reason.replace(CITED, "");
  const counts = new Map();
  for (const page of pages) counts.set(page, (counts.get(page) ?? 0) + 1);
  const said = Array.from(counts.entries()).sort((a, b) => a[0] - b[0]).map(([page, count]) => `第${page}页${count > 1 ? `×${count}` : ""}`).join("、");
  return said ? `${plain}${plain ? " " : ""}【引用 ${said}】` : plain;
}

class Notes {
  constructor(root) {
    this.root = root; // data-notes: the address, data-code, data-sha256, data-read-only
    this.url = root.dataset.notes;
    this.all = [];
    this.viewer = document.querySelector("[data-pdf]");
    this.dialog = document.querySelector("[data-note-dialog]");
    this.form = this.dialog?.querySelector("form");
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

  /** A note on what is selected, or on the page; it is about the criterion at hand unless one chooses another. */
  begin() {
    if (!this.dialog || this.root.hasAttribute("data-read-only")) return;
    const chosen = getSelection();
    const sheet = chosen?.anchorNode?.parentElement?.closest(".pdfpage");
    this.draft = { kind: "note", page: Number(sheet?.dataset.number ?? this.page), quote: sheet ? chosen.toString().replace(/\s+/g, " ").trim().slice(0, QUOTE) : "" };
    this.form.querySelector("[data-note-place]").textContent = say("pdf.page", { page: this.draft.page });
    this.form.querySelector("[data-note-quote]").textContent = this.draft.quote;
    this.form.elements.text.value = "";
    this.form.elements.criterion.value = this.criterion ?? "";
    this.form.querySelector("[data-note-error]").textContent = "";
    this.dialog.showModal();
    this.form.elements.text.focus();
  }

  async save() {
    const { text, criterion } = this.form.elements;
    try {
      await this.keep({ ...this.draft, text: text.value.trim(), criterion: criterion.value });
      this.dialog.close();
    } catch (fault) {
      this.form.querySelector("[data-note-error]").textContent = fault.message;
    }
  }

  clicked(event) {
    if (event.target.closest("[data-note-new]")) this.begin();
    if (event.target.closest("[data-note-close]")) this.dialog.close();
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

  /** 引用 第86页 ×2 under a criterion, each page a way to it. */
  pages(row) {
    const place = row.querySelector("[data-cites]");
    if (!place) return;
    const pages = this.pagesOf(row.dataset.crit);
    place.hidden = !pages.length;
    place.replaceChildren(say("note.cites"), ...Array.from(new Set(pages)).map((page) => {
      const count = pages.filter((each) => each === page).length;
      return element("button", { type: "button", "data-pdf-goto": String(page) }, `${say("pdf.page", { page })}${count > 1 ? ` ×${count}` : ""}`);
    }));
  }

  pagesOf(code) { return this.here.filter((one) => one.kind === "note" && one.criterion === code).map((one) => one.page).sort((a, b) => a - b); }

  cite(code) {
    const field = code && document.querySelector(`[data-crit="${CSS.escape(code)}"] textarea`);
    if (!field || field.readOnly) return;
    const text = cited(field.value, this.pagesOf(code));
    if (text === field.value) return;
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
