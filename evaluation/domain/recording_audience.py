"""Who learns of recordings: host and supervisor, by seat and form; members do not hear who records, and nobody hears who watched."""

from __future__ import annotations

from evaluation.domain.showing import HOST, SUPERVISOR, Show, shown

WATCHERS = (HOST, SUPERVISOR)

PROJECTIONS: dict[str, Show] = {
    "video.begin": shown(WATCHERS, "seat", "form"),
    "video.full": shown(WATCHERS, "seat"),
    "video.gap": shown(WATCHERS, "seat", "form", "no", "since"),
    "video.back": shown(WATCHERS, "seat", "form", "no", "until"),
}
