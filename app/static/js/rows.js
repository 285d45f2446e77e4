// Rows of a form that can be added and taken away: `[data-rows]` holds them, a template in it makes a new one, and each tells its number.

function renumber(list) {
  const rows = list.querySelectorAll(":scope > [data-row]");
  const kept = Number(list.dataset.rowsKept ?? 1);
  rows.forEach((row, index) => {
    const number = row.querySelector("[data-row-number]");
    if (number) number.value = String(index + 1);
    for (const place of row.querySelectorAll("[data-row-says]")) place.textContent = place.dataset.rowSays.replace("{n}", index + 1);
    const field = row.querySelector("[data-row-field]");
    field?.setAttribute("aria-label", field.dataset.rowField.replace("{n}", index + 1));
    const drop = row.querySelector("[data-row-drop]");
    if (drop) drop.hidden = rows.length <= kept || index < kept;
  });
  const most = Number(list.dataset.rowsMost ?? 99);
  const add = list.parentElement.querySelector("[data-row-add]");
  if (add) add.disabled = rows.length >= most;
}

for (const list of document.querySelectorAll("[data-rows]")) {
  const made = list.querySelector(":scope > template");
  list.parentElement.querySelector("[data-row-add]")?.addEventListener("click", () => {
    list.append(made.content.cloneNode(true));
    renumber(list);
    list.lastElementChild.querySelector("[data-row-field]")?.focus();
  });
  list.addEventListener("click", (event) => {
    const row = event.target.closest("[data-row-drop]")?.closest("[data-row]");
    if (!row) return;
    row.remove();
    renumber(list);
    list.lastElementChild.querySelector("[data-row-field]")?.focus();
  });
  renumber(list);
}
