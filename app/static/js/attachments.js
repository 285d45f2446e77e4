// Files that come with a signed act: each goes up by tus as it is chosen, and its name, digest and size join the form's hidden field.
import { element, icon } from "./dom.js";
import { sha256Hex } from "./statement.js";
import { say } from "./texts.js";
import { upload } from "./upload.js";

const MOST = 20, LARGEST = 50 * 1024 * 1024;

function attach(field) {
  const form = field.closest("form");
  const hidden = form.querySelector(`input[name="${CSS.escape(field.dataset.attach)}"]`);
  const list = element("ul", { className: "todo" });
  const problem = form.querySelector(`[data-error-for="${CSS.escape(field.name)}"]`);
  field.after(list);
  let kept = [], busy = 0;

  const settle = () => {
    hidden.value = JSON.stringify(kept);
    field.toggleAttribute("data-busy", busy > 0);
    const waits = form.querySelector("[data-attach][data-busy]") !== null; // a form may have several such fields
    for (const button of form.querySelectorAll("button:not([type=button])")) button.disabled = waits;
  };
  const refuse = (sentence) => problem?.replaceChildren(icon("bad"), sentence);

  async function take(file) {
    if (kept.length + busy >= MOST || file.size > LARGEST || !file.size) return refuse(say("attach.limit", { most: MOST }));
    if (kept.some((entry) => entry.name === file.name)) return refuse(say("attach.twice", { name: file.name }));
    const note = element("small", { textContent: "0%" });
    const row = element("li", {}, icon("doc"), element("div", {}, element("span", { textContent: file.name }), note));
    list.append(row);
    busy += 1; settle();
    try {
      const sha256 = await sha256Hex(new Uint8Array(await file.arrayBuffer()));
      await upload(file, { onProgress: (done, all) => { note.textContent = `${Math.floor(100 * done / all)}%`; } }).done;
      const entry = { name: file.name, sha256, size: file.size };
      kept.push(entry);
      note.textContent = say("attach.done", { size: file.size });
      const remove = element("button", { type: "button", className: "btn sm", textContent: say("attach.remove") });
      remove.addEventListener("click", () => { kept = kept.filter((each) => each !== entry); row.remove(); settle(); });
      row.append(remove);
    } catch {
      row.remove();
      refuse(say("attach.failed", { name: file.name }));
    } finally { busy -= 1; settle(); }
  }

  field.addEventListener("change", () => {
    problem?.replaceChildren();
    for (const file of field.files) take(file);
    field.value = "";
  });
}

for (const field of document.querySelectorAll("input[type=file][data-attach]")) attach(field);

/** A field that counts only for some choices: `data-only-for="capacity=interested_party"`. */
function conditional(block) {
  const [name, value] = block.dataset.onlyFor.split("=");
  const form = block.closest("form");
  const settle = () => {
    const fields = [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
    const chosen = fields.find((each) => (each.type === "radio" ? each.checked : true))?.value;
    const isOn = value.split(",").includes(chosen ?? "");
    block.hidden = !isOn;
    for (const control of block.querySelectorAll("input, textarea, select")) control.disabled = !isOn;
  };
  form.addEventListener("change", settle);
  settle();
}
for (const block of document.querySelectorAll("[data-only-for]")) conditional(block);
