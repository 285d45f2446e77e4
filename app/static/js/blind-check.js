// A blind bid is looked through for marks before it is sealed, on this device: the platform can't, since it never has the plaintext.
import { element, icon } from "./dom.js";
import { marksOf, nameMarks } from "./blind-marks.js";
import { say } from "./texts.js";

const SHOWN = 8; // page numbers, before a list of them says no more

function pagesText(pages) {
  if (!pages.length) return say("mark.file");
  return say("mark.pages", { pages: pages.slice(0, SHOWN).join(say("mark.and")) + (pages.length > SHOWN ? "…" : "") });
}

/** The marks of one file; one that can't be read counts as a mark, for nobody has looked at it. */
async function marksIn(file, rules, words, onPage) {
  const found = nameMarks(file.name, words);
  if (found.some(({ kind }) => kind === "not_pdf")) return found;
  const { lookAt } = await import("./blind-look.js");
  try {
    return [...found, ...marksOf(await lookAt(file, onPage), rules, words)];
  } catch {
    return [...found, { kind: "unreadable", said: "", pages: [] }];
  }
}

/** All marks of the files of a blind envelope, shown at `place`; resolves to how many there are. */
export async function checkBlind(place, files, rules, words) {
  const lists = [];
  for (const file of files) {
    place.replaceChildren(element("p", { className: "s13 muted" }, say("mark.checking", { name: file.name, percent: 0 })));
    const marks = await marksIn(file, rules, words, (done, all) => { place.firstChild.textContent = say("mark.checking", { name: file.name, percent: Math.floor((done / all) * 100) }); });
    if (marks.length) lists.push({ file, marks });
  }
  const count = lists.reduce((sum, { marks }) => sum + marks.length, 0);
  if (!count) place.replaceChildren(element("div", { className: "notice ok" }, icon("check"), element("div", {}, say("mark.none"))));
  else place.replaceChildren(element("div", { className: "notice warn" }, icon("warn"), element("div", { className: "wrapany" }, element("b", {}, say("mark.found", { count })), ...lists.map(listOf))));
  return count;
}

function listOf({ file, marks }) {
  const rows = marks.map(({ kind, said, pages }) => element("li", {}, `${pagesText(pages)}${say("mark.colon")}${say(`mark.${kind}`, { said })}`));
  return element("section", {}, element("p", { className: "strong" }, file.name), element("ul", { className: "plainlist s13" }, ...rows));
}
