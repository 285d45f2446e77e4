// The reader's size of type, contrast and plain mode, kept in this browser and put on <html>.
const root = document.documentElement;

function chosen() {
  try { return JSON.parse(localStorage.getItem("gh-prefs") || "{}"); } catch { return {}; }
}

function show() {
  const now = chosen();
  for (const button of document.querySelectorAll("[data-pref]")) {
    button.setAttribute("aria-pressed", String((now[button.dataset.pref] ?? "") === button.dataset.value));
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-pref]");
  if (!button) return;
  const { pref, value } = button.dataset;
  const now = chosen();
  const next = pref === "size" ? value : now[pref] ? "" : value;
  if (next) { now[pref] = next; root.dataset[pref] = next; } else { delete now[pref]; delete root.dataset[pref]; }
  try { localStorage.setItem("gh-prefs", JSON.stringify(now)); } catch { /* for this page only */ }
  show();
});
show();
