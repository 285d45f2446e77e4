// The committee's discussion: a message is signed with the device key as it is sent, and a number that looks like a score is pointed at before.
import { account, post } from "./http.js";
import { chooseSigner, isStalePrev, showFault } from "./sign.js";
import { compose, openContext } from "./statement.js";
import { say } from "./texts.js";
import { digestOfView, textOfBody } from "./view.js";

/** A number with a word for points beside it, or a bare decimal: what a score would look like. */
export const looksLikeScore = (text) => /(\d+(\.\d+)?\s*分(?!钟|之|项|包|部|期|区|段|析))|((打|评|给|扣|得)了?\s*\d)|(^|[^\d.])\d{1,2}\.\d($|[^\d.米mM%％:：])/.test(text);

/** Signed as typed: what the member wrote is all there is to see, so that nothing is asked twice. */
async function send(form) {
  const { say: type, sayCase: caseId, sayLot: lot, sayUrl: url } = form.dataset;
  const body = { topic: Number(form.elements.topic.value), text: form.elements.text.value.trim() };
  const viewSha256 = await digestOfView(textOfBody({ type, case: caseId, lot, body }));
  for (let turn = 0; ; turn += 1) {
    const context = await openContext(caseId);
    const signer = await chooseSigner(context, type, false);
    const envelope = await signer.sign(compose(context, signer.keyId, { type, case: caseId, lot, body, viewSha256 }));
    try {
      return await post(url, { envelope });
    } catch (fault) {
      if (turn || !isStalePrev(fault)) throw fault;
    }
  }
}

for (const form of document.querySelectorAll("form[data-say]")) {
  const warning = form.querySelector("[data-say-warning]");
  form.addEventListener("input", () => { warning.toggleAttribute("data-hot", looksLikeScore(form.elements.text.value)); });
  form.elements.text.addEventListener("keydown", (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(); } });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!form.elements.text.value.trim()) return;
    const button = form.querySelector("button:not([type=button])");
    button.disabled = true;
    form.querySelector("[data-act-error]").replaceChildren();
    try {
      await send(form);
      form.elements.text.value = "";
      form.dispatchEvent(new CustomEvent("gh:said", { bubbles: true }));
    } catch (fault) {
      showFault(form, fault);
    } finally {
      button.disabled = false;
    }
  });
}

/* What is new since one last looked, on this machine. */
const key = () => `gh-said|${account()}|${document.querySelector("[data-live-case]")?.dataset.liveCase ?? ""}`;
const seen = () => Number(localStorage.getItem(key()) ?? 0);

function count() {
  const talk = document.querySelector("[data-talk]");
  if (!talk) return;
  const panel = talk.closest("[role=tabpanel]");
  if (!panel || !panel.hidden) localStorage.setItem(key(), talk.dataset.talkLast);
  const fresh = Array.from(talk.querySelectorAll("[data-said]:not([data-mine])")).filter((one) => Number(one.dataset.said) > seen()).length;
  for (const badge of document.querySelectorAll("[data-talk-new]")) { badge.textContent = String(fresh); badge.hidden = !fresh; badge.title = say("talk.new", { count: fresh }); }
}

for (const kind of ["gh:tab", "htmx:afterSettle"]) document.addEventListener(kind, count);
count();
