"""Which files of tests take longest: those are begun first, so that no process is left alone with one of them at the end."""

from __future__ import annotations

# CPU seconds of the whole file, measured on 2026-11-30.
LONGEST = {
    "demo/test_play.py": 300,
    "browser/test_pages_accessible.py": 163,
    "web/test_secrecy_before_opening.py": 152,
    "services/test_evaluation_rooms.py": 60,
    "verify/test_forgeries.py": 48,
    "browser/test_entry_pages.py": 46,
    "web/test_hostile_input.py": 45,
    "web/test_secrecy_termination.py": 44,
    "web/test_secrecy_invitation.py": 42,
    "contract/test_opening_crash.py": 42,
    "services/test_archives.py": 42,
    "web/test_secrecy_consortium.py": 41,
    "services/test_golden_rooms.py": 41,
    "services/test_evaluation_awards.py": 40,
    "contract/test_deposits_crash.py": 37,
    "services/test_trading_steps.py": 30,
    "verify/test_any_change.py": 28,
    "services/test_evaluation_draw.py": 27,
    "services/openings/test_opening_batch.py": 26,
    "browser/test_archive_look.py": 25,
    "services/test_bids_sealed.py": 25,
    "contract/test_door_crash.py": 25,
    "verify/test_other_ends.py": 23,
    "services/openings/test_opening_record.py": 23,
}
