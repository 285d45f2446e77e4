// The seal statements of all envelopes: one version, each the predecessor of the next, one request, all or nothing.
import { account, post } from "./http.js";
import { confirmAct } from "./dialog.js";
import { size } from "./dom.js";
import { device } from "./devices.js";
import { CannotSign, isStalePrev } from "./sign.js";
import { compose, openContext, sha256Hex, signByDevice } from "./statement.js";
import { say } from "./texts.js";
import { digestOfView, tidy } from "./view.js";

function viewOf(place, envelopes, title) {
  const lines = [title, `${say("act.case")} ${place.case}`, `${say("act.lot")} ${place.lot}`, `${say("seal.version")} ${envelopes[0].body.ver}`];
  for (const { title: name, body } of envelopes) lines.push(`${name} ${size(body.ct_size)}`, `SHA-256 ${body.ct_sha256}`);
  return tidy(lines.join("\n"));
}

/** Signs and submits; resolves to the receipts' answer, or null when the person went back.
    envelopes: [{title, body, upload, bidder_box, share_boxes}] in the lot's order. */
export async function submitSeals({ place, role, url, envelopes, title, object }) {
  const viewText = viewOf(place, envelopes, title);
  const viewSha256 = await digestOfView(viewText);
  const mine = await device(account());
  if (!mine) throw new CannotSign("act.no_key");
  let context = await openContext(place.case, role);
  if (!context.keys.some((key) => key.key_id === mine.keyId)) throw new CannotSign("act.key_unknown");
  if (!(await confirmAct({ title, object, viewText, viewSha256, finalText: "", stepUp: "" }))) return null;
  for (let turn = 0; ; turn += 1) {
    const seals = [];
    let prev = context.prev;
    for (const one of envelopes) {
      const payload = compose(context, mine.keyId, { type: "seal", case: place.case, lot: place.lot, body: one.body, viewSha256, prev });
      seals.push({ envelope: await signByDevice("seal", payload, mine), upload: one.upload, bidder_box: one.bidder_box, share_boxes: one.share_boxes });
      prev = await sha256Hex(payload);
    }
    try {
      return await post(url, { seals });
    } catch (fault) {
      if (turn || !isStalePrev(fault)) throw fault;
      context = await openContext(place.case, role);
    }
  }
}
