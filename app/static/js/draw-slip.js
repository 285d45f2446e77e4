// A party's slip in a draw of experts or coefficients: 32 random bytes made and kept in this browser, committed to first, opened when all have committed.
import { toast } from "./dom.js";
import { showFault, signAct } from "./sign.js";
import { hex, join, sha256, unhex, utf8 } from "./statement.js";
import { keep, load } from "./store.js";
import { say } from "./texts.js";

class SlipLost extends Error {
  constructor() { super(say("slip.lost")); this.code = "slip.lost"; }
}

function lp(bytes) {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, bytes.length);
  return join(length, bytes);
}

/** What fixes the value without showing it (algorithm card `ztb/v1`, section H). */
export async function commitment(place, value) {
  return hex(await sha256(join(utf8("ztb/v1/draw-commit\0"), lp(utf8(place.case)), lp(utf8(place.draw)), lp(utf8(place.party)), lp(value))));
}

const nameOf = (place) => `slip ${place.case} ${place.draw} ${place.party}`;

async function commit(place, lot, isOfExperts) {
  let value = await load("drafts", nameOf(place));
  if (!value) {
    value = hex(crypto.getRandomValues(new Uint8Array(32)));
    await keep("drafts", nameOf(place), value); // kept before it is committed to: what is lost can never be opened
  }
  const said = { party: place.party, draw: place.draw, commit: await commitment(place, unhex(value)) };
  if (!isOfExperts) return said;
  const { slipBoxes } = await import("./slip-boxes.js"); // the library is large, and few come here
  return { ...said, shares: await slipBoxes(lot, place, unhex(value)) };
}

async function reveal(place) {
  const value = await load("drafts", nameOf(place));
  if (!value) throw new SlipLost();
  return { party: place.party, draw: place.draw, value };
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-slip-do]");
  if (!button) return;
  const owner = button.closest("[data-draw-slip]");
  const { case: caseId, lot, draw, party, drawSlip, kind = "draw" } = owner.dataset;
  const does = button.dataset.slipDo;
  button.disabled = true;
  try {
    const place = { case: caseId, draw, party };
    const body = does === "commit" ? await commit(place, `${caseId}-${lot}`, kind === "draw") : await reveal(place);
    const answer = await signAct({ type: `${kind}.${does}`, case: caseId, lot, round: 0, body, url: `${drawSlip}/${does}s`, title: button.textContent.trim() });
    if (answer !== null) { toast(say("act.done")); location.reload(); }
  } catch (fault) {
    showFault(button, fault);
  } finally {
    button.disabled = false;
  }
});
