// What is half typed stands there again after a reload or a broken line: the fields within data-keep, kept in this browser under the seat's key,
// until what they say has been sent.
import { Box } from "./drafts.js";

class Typed {
  constructor(root) {
    this.root = root; // data-keep: a name of its own, data-keep-key: the seat's key
    this.name = `${location.pathname.split("/evaluation")[0]}|${root.dataset.keep}`;
    this.box = new Box(root.dataset.keepKey, this.name);
    this.turn = this.restore().catch((fault) => console.error(fault));
    for (const kind of ["input", "change"]) root.addEventListener(kind, () => this.keep());
    for (const kind of ["gh:said", "gh:signed"]) root.addEventListener(kind, () => this.forget());
  }

  get fields() { return Array.from(this.root.querySelectorAll("input[name], textarea[name], select[name]")).filter((field) => !["hidden", "file", "password"].includes(field.type)); }

  async restore() {
    const held = await this.box.get();
    const fields = this.fields;
    if (!held || held.at <= Number(localStorage.getItem(this.sent) ?? 0) || held.values.length !== fields.length) return;
    fields.forEach((field, at) => {
      if (document.activeElement === field) return;
      if (["checkbox", "radio"].includes(field.type)) field.checked = held.values[at] === true;
      else field.value = held.values[at];
    });
    fields[0]?.dispatchEvent(new Event("input", { bubbles: true }));
    if (this.root.matches("details")) this.root.open = true;
  }

  keep() {
    const held = { at: Date.now(), values: this.fields.map((field) => (["checkbox", "radio"].includes(field.type) ? field.checked : field.value)) };
    this.turn = this.turn.then(() => this.box.put(held)).catch(() => {});
  }

  get sent() { return `gh-kept|${this.name}`; }

  /** Whatever was kept until now is of no more use; said at once, since the page may be about to go. */
  forget() {
    localStorage.setItem(this.sent, String(Date.now()));
    this.turn = this.turn.then(() => this.box.clear()).catch(() => {});
  }
}

for (const root of document.querySelectorAll("[data-keep]")) if (root.dataset.keepKey) root.typed = new Typed(root);
