"""Twenty bids of 200 pages compared, beside what others would take: `python -m bench.collusion [--rounds N]`.

Each round writes other bids (their writing is not measured): a fifth of every bid quotes the tender document, some is the trade's, and
in three pairs passages are planted, word for word or lightly edited. Ours goes from pages to findings, as the worker process does, and
must find every planted passage and speak of no other pair. The peers get the same text: scikit-learn's TF-IDF of character trigrams
ranks whole bids, RapidFuzz compares all paragraphs of all pairs (measured on a sample, reckoned up). Beside it the text of PDF pages by
pypdfium2 and by pypdf, font embedded.
"""

from __future__ import annotations

import argparse
import io
import json
import os
from itertools import combinations
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

from bench.collusion_world import World, Writer, world
from trading.domain.collusion import search
from trading.domain.collusion.card import Signal
from trading.domain.collusion.paragraphs import LEAST, plain_of
from trading.domain.collusion.reading import read

ROOT = Path(__file__).resolve().parent.parent
GOAL_SECONDS, GOAL_TIMES = 10.0, 10.0
SAMPLE = 150  # paragraphs of each of two bids that RapidFuzz compares


def main() -> None:
    """Runs the rounds, prints the table, writes the file."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    rounds = []
    for number in range(asked.rounds):
        made = world(number)
        rounds.append({**ours(made), **(tf_idf(made) if number == 0 else {}), **all_pairs(made), **pdf_text(number)})
        print(f"round {number}: " + ", ".join(f"{name} {value}" for name, value in rounds[-1].items()), flush=True)
    report(rounds)


def ours(made: World) -> dict[str, Any]:
    """From pages to findings: seconds, planted passages found, pairs that nobody planted."""
    wall, cpu = perf_counter(), process_time()
    found = search.findings(made.material)
    wall, cpu = perf_counter() - wall, process_time() - cpu
    shown: dict[tuple[str, ...], str] = {}
    for one in found:
        if one.signal is Signal.SIMILAR_TEXT:
            passages: Any = one.raw["passages"]
            shown[one.bidders] = "".join(plain_of(passage["left"]["text"]) for passage in passages)
    hit = sum(_is_shown(plain_of(text), shown.get((left, right), "")) for left, right, text in made.planted)
    false = len({one.bidders for one in found} - {(left, right) for left, right, _ in made.planted})
    characters = sum(len(page) for bid in made.material.bids for document in bid.documents for page in document.pages)
    return {
        "seconds": round(wall, 2),
        "cpu": round(cpu, 2),
        "planted": len(made.planted),
        "found": hit,
        "false": false,
        "characters": characters,
    }


def _is_shown(text: str, shown: str) -> bool:
    """A planted paragraph may be cut by a page's end: either half stands for it."""
    return text[:LEAST] in shown or text[-LEAST:] in shown


def tf_idf(made: World) -> dict[str, Any]:
    """scikit-learn over whole bids: seconds, and how many of the three planted pairs lead its ranking."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = ["\n".join(page for document in bid.documents for page in document.pages) for bid in made.material.bids]
    began = perf_counter()
    weights = TfidfVectorizer(analyzer="char", ngram_range=(3, 3), sublinear_tf=True).fit_transform(texts)
    alike = (weights @ weights.T).toarray()
    took = perf_counter() - began
    ranked = sorted(combinations(range(len(texts)), 2), key=lambda pair: -alike[pair])
    names = [bid.org for bid in made.material.bids]
    planted = {(left, right) for left, right, _ in made.planted}
    return {"tfidf_seconds": round(took, 2), "tfidf_pairs": sum((names[a], names[b]) in planted for a, b in ranked[: len(planted)])}


def all_pairs(made: World) -> dict[str, Any]:
    """RapidFuzz over a sample of two bids' paragraphs, reckoned up to all pairs of all bids; one core."""
    from rapidfuzz import fuzz, process

    reading = read(made.material)
    first = [one.plain for owner, one in zip(reading.owners, reading.held, strict=True) if owner == 3][:SAMPLE]
    second = [one.plain for owner, one in zip(reading.owners, reading.held, strict=True) if owner == 11][:SAMPLE]
    began = perf_counter()
    process.cdist(first, second, scorer=fuzz.ratio, score_cutoff=80, workers=1)
    took = perf_counter() - began
    sizes = [reading.owners.count(owner) for owner in range(len(reading.orgs))]
    whole = sum(a * b for a, b in combinations(sizes, 2)) / (len(first) * len(second))
    return {"all_pairs_seconds": round(took * whole)}


def pdf_text(seed: int, count: int = 20) -> dict[str, Any]:
    """Milliseconds a page to the same words, by pypdfium2 and by pypdf."""
    import pylopdf_fonts_zh_cn as fonts
    import pypdf
    import pypdfium2
    import typst

    writer = Writer(seed)
    text = "\n\n#pagebreak()\n\n".join("\n\n".join(writer.paragraph() for _ in range(6)) for _ in range(count))
    folder = str(Path(fonts.serif_path()).parent)
    known = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[folder])
    source = f'#set page(width: 21cm, height: 29.7cm)\n#set text(font: "Noto Serif SC", size: 9pt)\n{text}'
    made = typst.compile(source.encode(), format="pdf", font_paths=known, ignore_system_fonts=True)
    began = perf_counter()
    document = pypdfium2.PdfDocument(made)
    one = [page.get_textpage().get_text_bounded() for page in document]
    fast = perf_counter() - began
    began = perf_counter()
    two = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages]
    slow = perf_counter() - began
    signs = [sum(len(plain_of(page)) for page in pages) for pages in (one, two)]
    times = {"pypdfium2_ms": round(1000 * fast / len(one), 1), "pypdf_ms": round(1000 * slow / len(two), 1)}
    return times | {"pypdfium2_signs": signs[0], "pypdf_signs": signs[1]}


def report(rounds: list[dict[str, Any]]) -> None:
    """The medians beside the goals, and everything in the file."""
    middle = {name: median(row[name] for row in rounds if name in row) for name in {name for row in rounds for name in row}}
    times = median(row["pypdf_ms"] / row["pypdfium2_ms"] for row in rounds)
    planted, hit, false = (sum(row[name] for row in rounds) for name in ("planted", "found", "false"))
    print(f"\n20 bids × 200 pages, {middle['characters'] / 1e6:.1f} million characters; medians of {len(rounds)} rounds")
    print(f"  ours       {middle['seconds']:8.1f} s, {middle['cpu']:.1f} s of one core; goal {GOAL_SECONDS:.0f} s")
    print(f"             planted {hit} of {planted}, false {false}")
    print(f"  TF-IDF     {middle['tfidf_seconds']:8.1f} s  whole bids alone, {middle['tfidf_pairs']:.0f} of 3 planted pairs lead")
    print(f"  all pairs  {middle['all_pairs_seconds']:8.0f} s  RapidFuzz, reckoned from a sample")
    pages = f"pypdfium2 {middle['pypdfium2_ms']:.1f}, pypdf {middle['pypdf_ms']:.1f}"
    print(f"PDF text, ms a page: {pages}: {times:.1f} times, goal {GOAL_TIMES:.0f}")
    folder = Path(os.environ.get("GONGHENG_DATA_DIR", ROOT / "var")) / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "collusion.json"
    target.write_text(
        json.dumps({"goals": {"seconds": GOAL_SECONDS, "pdf_times": GOAL_TIMES}, "medians": middle, "rounds": rounds}, indent=1)
    )
    print(f"→ {target}")


if __name__ == "__main__":
    main()
