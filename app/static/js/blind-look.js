// What a PDF shows and carries, read on this device by pdf.js: text with its place and font, colours, pictures, notes, properties. Nothing is drawn or sent.
import * as pdfjs from "../vendor/pdfjs-dist/6.5.438/pdf.min.mjs";

const HOME = new URL("../vendor/pdfjs-dist/6.5.438/", import.meta.url).href;
pdfjs.GlobalWorkerOptions.workerSrc = `${HOME}pdf.worker.min.mjs`;
const GREY = 24, WHITE = 250; // of 255
const { OPS } = pdfjs;
const INVISIBLE = 3, CLIPPING = 7;
const PICTURES = new Set([OPS.paintImageXObject, OPS.paintInlineImageXObject, OPS.paintInlineImageXObjectGroup, OPS.paintImageXObjectRepeat, OPS.paintImageMaskXObject, OPS.paintImageMaskXObjectGroup, OPS.paintImageMaskXObjectRepeat]);
const FILLS = new Set([OPS.fill, OPS.eoFill, OPS.fillStroke, OPS.eoFillStroke, OPS.closeFillStroke, OPS.closeEOFillStroke]);
const STROKES = new Set([OPS.stroke, OPS.closeStroke, OPS.fillStroke, OPS.eoFillStroke, OPS.closeFillStroke, OPS.closeEOFillStroke]);

const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
const isColour = (hex) => Math.max(...rgb(hex)) - Math.min(...rgb(hex)) > GREY;
const isWhite = (hex) => Math.min(...rgb(hex)) >= WHITE;

/** Follows a page's operators: is anything coloured, how many pictures are there, what text can't be seen. */
function follow({ fnArray, argsArray }) {
  let state = { fill: "#000000", stroke: "#000000", mode: 0 };
  const kept = [], hidden = [];
  let images = 0, isColoured = false;
  const paint = (fills, strokes) => { if ((fills && isColour(state.fill)) || (strokes && isColour(state.stroke))) isColoured = true; };
  const acts = {
    [OPS.save]: () => kept.push({ ...state }),
    [OPS.restore]: () => { state = kept.pop() ?? state; },
    [OPS.paintFormXObjectBegin]: () => kept.push({ ...state }),
    [OPS.paintFormXObjectEnd]: () => { state = kept.pop() ?? state; },
    [OPS.setFillRGBColor]: ([colour]) => { state.fill = colour; },
    [OPS.setStrokeRGBColor]: ([colour]) => { state.stroke = colour; },
    [OPS.setTextRenderingMode]: ([mode]) => { state.mode = mode; },
    [OPS.shadingFill]: () => { isColoured = true; },
    [OPS.constructPath]: ([painting]) => paint(FILLS.has(painting), STROKES.has(painting)),
    [OPS.showText]: ([glyphs]) => {
      const text = glyphs.map((glyph) => glyph?.unicode ?? "").join("");
      const fills = [0, 2, 4, 6].includes(state.mode), strokes = [1, 2, 5, 6].includes(state.mode);
      paint(fills, strokes);
      if (text.trim() && (state.mode === INVISIBLE || state.mode === CLIPPING || (fills && !strokes && isWhite(state.fill)))) hidden.push(text.trim());
    },
  };
  fnArray.forEach((operator, index) => {
    if (PICTURES.has(operator)) images += 1;
    acts[operator]?.(argsArray[index]);
  });
  return { images, isColoured, hidden };
}

async function pageLook(page) {
  const seen = follow(await page.getOperatorList());
  const [, foot, , top] = page.view;
  const { items } = await page.getTextContent();
  const runs = items.filter(({ str }) => str?.trim()).map(({ str, transform, fontName }) => ({
    text: str, fromFoot: transform[5] - foot, fromTop: top - transform[5], font: page.commonObjs.has(fontName) ? page.commonObjs.get(fontName).name ?? "" : "",
  }));
  const notes = await page.getAnnotations();
  const links = notes.filter(({ subtype }) => subtype === "Link").map(({ url, unsafeUrl }) => url ?? unsafeUrl).filter(Boolean);
  page.cleanup();
  return { runs, ...seen, notes: notes.filter(({ subtype }) => subtype !== "Link").length, links };
}

function titlesOf(outline) { return (outline ?? []).flatMap(({ title, items }) => [title, ...titlesOf(items)]); }

function infoOf({ info, metadata }) {
  const found = Object.fromEntries([...Object.entries(info ?? {}), ...Object.entries(info?.Custom ?? {})].filter(([, value]) => typeof value === "string"));
  const creator = metadata?.get("dc:creator");
  return creator ? { ...found, "dc:creator": [creator].flat().join(" ") } : found;
}

/** What the PDF in a Blob shows; throws for one that is damaged or locked. `onPage(done, all)`. */
export async function lookAt(file, onPage = () => {}) {
  const options = { data: new Uint8Array(await file.arrayBuffer()), cMapUrl: `${HOME}cmaps/`, cMapPacked: true, standardFontDataUrl: `${HOME}standard_fonts/`, wasmUrl: `${HOME}wasm/`, iccUrl: `${HOME}iccs/`, isEvalSupported: false, enableXfa: false, disableFontFace: true, fontExtraProperties: true };
  const task = pdfjs.getDocument(options);
  try {
    const paper = await task.promise;
    const pages = [];
    for (let number = 1; number <= paper.numPages; number += 1) {
      pages.push(await pageLook(await paper.getPage(number)));
      onPage(number, paper.numPages);
    }
    const attached = await paper.getAttachments();
    const layers = await paper.getOptionalContentConfig();
    return {
      pages, info: infoOf(await paper.getMetadata()), outline: titlesOf(await paper.getOutline()),
      attachments: [...(attached instanceof Map ? attached.values() : Object.values(attached ?? {}))].map(({ filename }) => filename), hasLayers: [...layers].length > 0,
    };
  } finally {
    await task.destroy();
  }
}
