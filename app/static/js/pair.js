// A second bid beside the first, on the same page: turning one turns the other, until the reader lets them go. A paper of the tender may stand
// there too, and is turned by itself.
import { get } from "./http.js";
import { failed, Pane } from "./pdf-pane.js";
import { say } from "./texts.js";

class Pair {
  constructor(root) {
    this.root = root; // data-pair: where the files of a bid are asked, {code} for its code name
    this.first = root.querySelector("[data-pdf]");
    this.side = root.querySelector("[data-pair-side]");
    this.choice = root.querySelector("[data-pair-with]");
    this.hold = root.querySelector("[data-pair-hold]");
    this.choice.addEventListener("change", () => this.open(this.choice.value).catch((fault) => this.told(fault.message)));
    this.hold.addEventListener("click", () => this.held(this.hold.getAttribute("aria-pressed") !== "true"));
    root.addEventListener("gh:page", (event) => this.turn(event.target.closest("[data-pdf]")));
  }

  held(isHeld) {
    this.hold.setAttribute("aria-pressed", String(isHeld));
    if (isHeld) this.turn(this.first);
  }

  told(text) { this.root.querySelector("[data-pair-told]").textContent = text; }

  async open(code) {
    this.told("");
    this.hold.hidden = !code;
    this.root.toggleAttribute("data-paired", Boolean(code));
    this.second?.document?.destroy?.();
    this.second = null;
    this.side.replaceChildren();
    if (!code) return;
    const file = await this.fileOf(code);
    if (!file) { this.told(say("pair.none", { code })); return; }
    const made = this.root.querySelector("template[data-pair-pane]").content.firstElementChild.cloneNode(true);
    made.dataset.pdf = file.href;
    if (file.isBid) made.dataset.pdfPage = this.first.dataset.pdfPage;
    made.dataset.watermark = this.first.dataset.watermark;
    made.setAttribute("aria-label", `${code} ${file.name}`);
    made.querySelector(".pages").setAttribute("aria-label", `${code} ${file.name}`);
    made.querySelector("[data-pair-code]").textContent = code;
    this.side.append(made);
    this.second = made.pdfPane = new Pane(made);
    await this.second.open().catch((fault) => failed(this.second, fault));
    this.held(file.isBid);
  }

  /** What is put beside the first: a paper that is named, else the file of that bid which has the same name. */
  async fileOf(code) {
    const { href, name } = this.choice.selectedOptions[0].dataset;
    if (href) return { href, name, isBid: false };
    const { files } = await get(this.root.dataset.pair.replace("{code}", code));
    const found = files.find((one) => one.name === this.root.dataset.pairName) ?? files[0];
    return found && { ...found, isBid: true };
  }

  /** The other document follows to the same page; what it says of its own turning is not an answer to be followed again. */
  turn(from) {
    if (!this.second?.document || this.hold.getAttribute("aria-pressed") !== "true" || this.turning) return;
    const other = from === this.first ? this.second : this.first.pdfPane;
    const page = Number(from.dataset.pdfPage);
    if (!other?.document || other.page === page) return;
    this.turning = true;
    other.go(page);
    setTimeout(() => { this.turning = false; }, 120); // the scrolling that this makes tells of the page again
  }
}

for (const root of document.querySelectorAll("[data-pair]")) root.pair = new Pair(root);
