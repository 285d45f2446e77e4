"""The words of orders on a lot: what refusals say."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l

SENTENCES: Mapping[str, object] = {
    "bid.lot_suspended": _l("标段已暂停，暂不接收投标文件。恢复后投标截止时间将顺延，请关注恢复公告。"),
    "lot.resume.not_ordered": _l("标段不是因监督部门的暂停决定而暂停，不能在这里恢复。请等待相应事项办结。"),
    "lot.resume.other_suspension": _l("恢复所指的不是现行的暂停决定。请刷新页面后重新签名。"),
    "lot.resume.deadline_too_early": _l("恢复后的投标截止时间须补足暂停的时间，最早为 %(earliest)s。请改为不早于此的时间。"),
}
