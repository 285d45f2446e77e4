"""The words of the page on which a method is tried: the method's own, and why a bid is out."""

from __future__ import annotations

from collections.abc import Mapping

from evaluation.web.texts import REJECTIONS
from trading.web import texts_method

WORDS: Mapping[str, object] = {"METHOD_WORDS": texts_method.WORDS, "REJECTIONS": REJECTIONS}
