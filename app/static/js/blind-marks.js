// By which marks a blind bid could be recognised: the same rules as core/kernel/blind.py, over what blind-look.js saw (docs/formats/blind-marks.md).
const MARGIN = 64, SNIPPET = 40;
const PERSONAL = ["Author", "Company", "Manager", "dc:creator"];
const NUMBER = /^[\s\-–—·.第共页/ofpage0-9ivx]*$/i;
const CONTACT = /(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)0\d{2,3}-\d{7,8}(?!\d)|[\p{L}\p{N}_.+-]+@[\p{L}\p{N}_-]+\.[A-Za-z]{2,}|(?<![0-9A-Z])[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Z])/gu;
const FACES = {
  宋体: ["simsun", "nsimsun", "songti", "stsong", "notoserifcjk", "sourcehanserif", "宋体", "ëîìå"],
  仿宋: ["fangsong", "simfang", "stfangsong", "仿宋", "·âëî"],
  黑体: ["simhei", "heiti", "stheiti", "notosanscjk", "sourcehansans", "黑体", "ºúìå"],
  楷体: ["kaiti", "simkai", "stkaiti", "楷体", "¿¬ìå"],
  "Times New Roman": ["timesnewroman", "times"],
  Arial: ["arial"],
};

const squeezed = (text) => text.replace(/\s+/g, "");
const names = (text, words) => words.some((word) => squeezed(text).includes(word));
const face = (font) => font.replace(/^[A-Z]{6}\+/, "");
const plain = (font) => face(font).replace(/[\s_-]/g, "").toLowerCase();
const withoutDigits = (line) => line.replace(/\d+/g, "#");
const isNumber = (line) => NUMBER.test(line) && /[\p{L}\p{N}]/u.test(line);
const inMargin = ({ fromTop, fromFoot }) => Math.min(fromTop, fromFoot) < MARGIN;

function isDemanded(font, demanded) {
  const faces = demanded.flatMap((name) => FACES[name] ?? [plain(name)]);
  return !demanded.length || faces.some((one) => plain(font).startsWith(one));
}

/** The runs of each height as one line. */
function linesOf(runs) {
  const lines = new Map();
  for (const { fromTop, text } of runs) lines.set(Math.round(fromTop / 3), (lines.get(Math.round(fromTop / 3)) ?? "") + text);
  return [...lines.values()].map((line) => line.trim()).filter(Boolean);
}

/** What stands in the margins of at least two pages, or of the only one. */
function repeatedIn(pages) {
  const seen = new Map();
  for (const { runs } of pages) for (const line of new Set(linesOf(runs.filter(inMargin)).map(withoutDigits))) seen.set(line, (seen.get(line) ?? 0) + 1);
  return new Set([...seen].filter(([, times]) => times >= Math.min(2, pages.length)).map(([line]) => line));
}

function* ofFile({ info, outline, attachments, hasLayers }, rules, words) {
  for (const [name, value] of Object.entries(info)) if (value.trim() && (PERSONAL.includes(name) || names(value, words))) yield ["metadata", `${name}: ${value.trim().slice(0, SNIPPET)}`];
  const named = outline.filter((title) => names(title, words));
  if (named.length || (outline.length && !rules.bookmarks)) yield ["bookmark", (named[0] ?? outline[0]).slice(0, SNIPPET)];
  for (const name of attachments) yield ["attachment", name.slice(0, SNIPPET)];
  if (hasLayers) yield ["layer", ""];
}

function* ofPage({ runs, hidden, images, isColoured, notes, links }, rules, words, repeated) {
  const text = squeezed(runs.map((run) => run.text).join(""));
  for (const word of words) if (text.includes(word)) yield ["name", word];
  for (const [found] of linesOf(runs).join("\n").matchAll(CONTACT)) yield ["contact", found];
  for (const line of linesOf(runs.filter(inMargin))) {
    if (isNumber(line)) { if (!rules.page_numbers) yield ["page_number", ""]; } else if (!rules.headers && repeated.has(withoutDigits(line))) yield ["header", line.slice(0, SNIPPET)];
  }
  for (const run of runs) if (run.text.trim() && !isDemanded(run.font, rules.fonts)) yield ["font", face(run.font)];
  for (const line of hidden) yield ["hidden", line.slice(0, SNIPPET)];
  if (images && !rules.images) yield ["image", ""];
  if (isColoured && !rules.colour) yield ["colour", ""];
  if (notes) yield ["annotation", ""];
  for (const link of links) yield ["link", link.slice(0, SNIPPET)];
}

/** What the file's own name gives away; whatever is not PDF can't be looked at. */
export function nameMarks(file, words) {
  const found = words.filter((word) => file.includes(word)).map((word) => ({ kind: "file_name", said: word, pages: [] }));
  return file.toLowerCase().endsWith(".pdf") ? found : [...found, { kind: "not_pdf", said: "", pages: [] }];
}

/** `[{kind, said, pages}]`, those of the whole file first; one per kind and text, with its pages. */
export function marksOf(look, rules, words) {
  const repeated = repeatedIn(look.pages), found = new Map();
  for (const [kind, said] of ofFile(look, rules, words)) found.set(`${kind}|${said}`, { kind, said, pages: [] });
  look.pages.forEach((page, index) => {
    for (const [kind, said] of ofPage(page, rules, words, repeated)) {
      const mark = found.get(`${kind}|${said}`) ?? { kind, said, pages: [] };
      if (!mark.pages.includes(index + 1)) mark.pages.push(index + 1);
      found.set(`${kind}|${said}`, mark);
    }
  });
  return [...found.values()];
}
