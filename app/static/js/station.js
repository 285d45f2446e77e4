// The workstation around document and sheet: tabs, the contents of the document, what the keys do, and the way to the next open item.
import { element } from "./dom.js";
import { active } from "./pdf-pane.js";

/* Tabs: arrows walk, the panel that is chosen is shown. */
for (const list of document.querySelectorAll("[data-tabs]")) {
  const tabs = Array.from(list.querySelectorAll("[role=tab]"));
  const choose = (tab) => {
    for (const each of tabs) {
      const isOn = each === tab;
      each.setAttribute("aria-selected", String(isOn));
      each.tabIndex = isOn ? 0 : -1;
      document.getElementById(each.getAttribute("aria-controls")).hidden = !isOn;
    }
    const panel = tab.getAttribute("aria-controls");
    history.replaceState(null, "", panel === tabs[0].getAttribute("aria-controls") ? location.pathname + location.search : `#${panel}`); // kept through a reload
    document.dispatchEvent(new CustomEvent("gh:tab", { detail: { id: tab.getAttribute("aria-controls") } }));
  };
  const asked = tabs.find((tab) => `#${tab.getAttribute("aria-controls")}` === location.hash);
  if (asked) choose(asked);
  list.next = () => { const next = tabs[(tabs.findIndex((tab) => tab.tabIndex === 0) + 1) % tabs.length]; choose(next); next.focus(); };
  list.addEventListener("click", (event) => { const tab = event.target.closest("[role=tab]"); if (tab) choose(tab); });
  list.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const at = tabs.indexOf(event.target.closest("[role=tab]"));
    if (!by || at < 0) return;
    event.preventDefault();
    const next = tabs[(at + by + tabs.length) % tabs.length];
    choose(next);
    next.focus();
  });
}

/* The contents: the document's own headings, each a way to its page. */
document.addEventListener("gh:document", async ({ target }) => {
  const place = document.querySelector("[data-outline]");
  if (!place || target !== document.querySelector("[data-pdf]")) return;
  const rows = await target.pdfPane.outline();
  place.replaceChildren(...rows.map((one) => element("li", { className: `d${one.depth}` }, element("button", { type: "button", "data-pdf-goto": String(one.page) }, element("span", {}, one.title), element("em", {}, String(one.page))))));
  document.querySelector("[data-no-outline]").hidden = rows.length > 0;
  document.querySelector("[data-notes]")?.notes?.marks();
});

/* Criteria beside the contents: a press goes to the criterion in the sheet. */
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-crit-goto]");
  const form = document.querySelector("[data-score-sheet]");
  if (link) form?.sheet?.turnTo(form.querySelector(`[data-crit="${CSS.escape(link.dataset.critGoto)}"]`));
  if (event.target.closest("[data-next-item]")) form?.sheet?.next();
  if (event.target.closest("[data-keys-close]")) event.target.closest("dialog").close();
  if (event.target.closest("[data-keys-open]")) document.querySelector("[data-keys-dialog]").showModal();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.target.closest("dialog")) event.target.closest("input, textarea, select")?.blur();
  if (event.target.closest("input, textarea, select, dialog") || event.ctrlKey || event.metaKey || event.altKey) return;
  const deed = {
    "?": () => document.querySelector("[data-keys-dialog]")?.showModal(),
    "/": () => active()?.root.querySelector("[data-pdf-find]")?.focus(),
    t: () => document.querySelector("[data-tabs]")?.next(),
    h: () => document.querySelector("[data-host-call]")?.focus(),
    g: () => document.querySelector("[data-score-sheet]")?.sheet?.next(),
  }[event.key.toLowerCase()];
  if (deed) { event.preventDefault(); deed(); }
});
