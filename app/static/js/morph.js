// A fragment that comes in never resets what somebody has typed or chosen but not yet sent.
const KEPT = new Set(["value", "checked", "selected"]);

function isTouched(node) {
  if (node instanceof HTMLOptionElement) return isTouched(node.closest("select") ?? document.body);
  if (node instanceof HTMLSelectElement) return Array.from(node.options).some((option) => option.selected !== option.defaultSelected) && node.dataset.touched === "1";
  if (node instanceof HTMLInputElement && /^(checkbox|radio)$/.test(node.type)) return node.checked !== node.defaultChecked;
  if (node instanceof HTMLInputElement || node instanceof HTMLTextAreaElement) return node.value !== node.defaultValue;
  return false;
}

document.addEventListener("change", (event) => { if (event.target instanceof HTMLSelectElement) event.target.dataset.touched = "1"; });

if (window.Idiomorph) {
  Object.assign(window.Idiomorph.defaults, { ignoreActiveValue: true });
  Object.assign(window.Idiomorph.defaults.callbacks, {
    beforeAttributeUpdated: (name, node) => !(KEPT.has(name) && isTouched(node)),
    beforeNodeMorphed: (node) => !(node instanceof HTMLElement && (node.hasAttribute("data-keep") || node.tagName === "DIALOG")),
  });
}
