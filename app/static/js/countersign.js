// A second person's signature over a statement that another has signed, as at the close of a case: the very same bytes.
import { confirmAct } from "./dialog.js";
import { announce } from "./dom.js";
import { post } from "./http.js";
import { CannotSign, chooseSigner, showFault } from "./sign.js";
import { openContext, sha256Hex, unb64, utf8 } from "./statement.js";
import { say } from "./texts.js";

async function countersign(owner, button) {
  const first = JSON.parse(owner.dataset.countersign);
  const payload = unb64(first.payload);
  const said = JSON.parse(new TextDecoder().decode(payload));
  const context = await openContext(said.case, owner.dataset.actRole ?? "");
  const signer = await chooseSigner(context, said.type, Boolean(said.step_up));
  if (signer.stepUp !== (said.step_up ?? "")) throw new CannotSign("act.no_passkey"); // as strong as the payload says, no other way
  const viewText = JSON.stringify(said, null, 2);
  const title = button.textContent.trim();
  const agreed = await confirmAct({ title, object: said.case, viewText, viewSha256: await sha256Hex(utf8(viewText)), stepUp: signer.stepUp });
  if (!agreed) return;
  const envelope = await signer.sign(payload);
  await post(owner.dataset.countersignUrl, { envelope, ...(signer.stepUp === "password+device" ? { password: agreed.password } : {}) });
  announce(say("act.done"));
  location.reload();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-countersign] button");
  if (!button) return;
  const owner = button.closest("[data-countersign]");
  button.disabled = true;
  countersign(owner, button).catch((fault) => showFault(owner, fault)).finally(() => { button.disabled = false; });
});
