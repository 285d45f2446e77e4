"""Two languages: Simplified Chinese is the source text of every sentence, English stands beside it in each package's `translations/`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask, Response, g, has_request_context, request
from flask_babel import Babel, get_domain, get_locale, lazy_gettext

LANGUAGES = {"zh": "zh_Hans_CN", "en": "en"}
lazy = lazy_gettext


def text(words: object, facts: Mapping[str, object] | None = None) -> str:
    """A lazy sentence in the reader's language; a gap without its fact is left as it stands rather than hiding the sentence."""
    said = str(words)
    try:
        return said % facts if facts else said
    except (KeyError, ValueError, TypeError):
        return said


def language() -> str:
    """`zh` or `en`: what the address asks for, else the cookie, else the browser's header, else Chinese."""
    if not has_request_context():
        return "zh"
    if "language" not in g:
        asked = (request.args.get("lang"), request.cookies.get("lang"), request.accept_languages.best_match(["zh", "en"]))
        g.language = next((choice for choice in asked if choice in LANGUAGES), "zh")
    chosen: str = g.language
    return chosen


def in_language(english: Translations | None, words: object, facts: Mapping[str, object] | None = None) -> str:
    """A lazy sentence where nobody is asking, for letters: its source text, or what the English catalogue has for it."""
    source = str(words)
    return text(source if english is None else english.gettext(source), facts)


def catalogue(files: Iterable[Path]) -> Translations:
    """One catalogue of several `.po` files; later files win."""
    merged = Translations()
    for file in sorted(files):
        with file.open("rb") as source:
            read = read_po(source, locale="en")
        merged.merge(_compiled(read))
    return merged


@cache
def _read_once(files: tuple[Path, ...]) -> Translations:
    """The same for every application of a process."""
    return catalogue(files)


def _compiled(read: Catalog) -> Translations:
    held = BytesIO()
    write_mo(held, read)
    held.seek(0)
    return Translations(held)


def install(app: Flask, roots: Iterable[Path]) -> Translations:
    """Gives the application its languages; `roots` are the packages whose `translations/en*.po` count. Returns the English catalogue."""
    Babel(app, default_locale=LANGUAGES["zh"], default_timezone="Asia/Shanghai", locale_selector=lambda: LANGUAGES[language()])
    english = _read_once(tuple(sorted(file for root in roots for file in (root / "translations").glob("en*.po"))))
    with app.app_context():
        get_domain().cache["en", "messages"] = english
    app.context_processor(lambda: {"lang": language(), "locale": str(get_locale())})
    app.after_request(_remember)
    return english


def _remember(response: Response) -> Response:
    """A language that was asked for in the address stays chosen."""
    if request.args.get("lang") in LANGUAGES:
        response.set_cookie("lang", language(), max_age=31_536_000, samesite="Lax", httponly=True)
    return response
