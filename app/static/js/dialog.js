// Dialogs that ask once, in words, with the object's name: what is signed, and what cannot be undone.
import { element, icon } from "./dom.js";
import { say } from "./texts.js";

function open(build) {
  return new Promise((done) => {
    const before = document.activeElement;
    const dialog = element("dialog", { className: "confirm", "aria-labelledby": "confirm-title" });
    const form = element("form", { method: "dialog" });
    const outcome = build(form, dialog);
    dialog.append(form);
    document.body.append(dialog);
    let answer = null;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      answer = outcome();
      if (answer) dialog.close();
    });
    dialog.addEventListener("click", (event) => { if (event.target.closest("[data-cancel]")) dialog.close(); });
    dialog.addEventListener("close", () => { dialog.remove(); before?.focus?.(); done(answer); });
    dialog.showModal();
    (form.querySelector("input") ?? form.querySelector("[data-cancel]")).focus();
  });
}

const head = (title) => element("header", {}, element("h2", { id: "confirm-title" }, title));
const final = (text) => (text ? element("p", { className: "final" }, icon("warn"), element("span", {}, text)) : "");
const foot = (cancel, ok, tone) => element("footer", {},
  element("button", { type: "button", className: "btn", "data-cancel": true }, cancel),
  element("button", { className: `btn ${tone}`, "data-ok": true }, ok));

/** Yes or no about a named object; resolves to true or null. */
export function confirm({ title, object, finalText, ok = say("confirm.ok"), tone = "danger" }) {
  return open((form) => {
    form.append(head(title), element("div", { className: "body" }, object ? element("p", { className: "strong" }, object) : "", final(finalText)), foot(say("confirm.cancel"), ok, tone));
    return () => true;
  });
}

/** The exact text that is signed, the thing it is about, and the proof of person asked for; resolves to {password} or null. */
export function confirmAct({ title, object, viewText, viewSha256, finalText, stepUp }) {
  return open((form) => {
    const password = element("input", { className: "input", type: "password", name: "password", autocomplete: "current-password", required: true, id: "confirm-password" });
    form.append(head(title || say("act.title")), element("div", { className: "body" },
      object ? element("p", { className: "strong" }, object) : "",
      element("p", { className: "muted s13" }, say("act.what")),
      element("pre", { className: "viewtext", tabIndex: 0, "data-view-text": true }, viewText),
      element("p", { className: "muted s12" }, `${say("act.digest")} `, element("span", { className: "mono" }, viewSha256)),
      final(finalText),
      stepUp === "password+device" ? element("div", { className: "field" }, element("label", { htmlFor: "confirm-password" }, say("act.password")), password) : "",
      stepUp === "webauthn" ? element("p", { className: "s13" }, icon("key"), ` ${say("act.passkey")}`) : ""),
    foot(say("act.cancel"), say("act.sign"), "primary"));
    return () => ({ password: password.value || undefined });
  });
}
