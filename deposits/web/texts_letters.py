"""The words of the letters on payments: what is told in the inbox, and what stands in the letter itself."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l

SENTENCES: Mapping[str, object] = {
    "deposit_letter.not_found": _l("没有找到这份到账通知。请从“投标保证金”页面打开。"),
    "message.deposit.matched": _l("投标保证金已经缴足。"),
    "message.deposit.matched.todo": _l("请在截止时间前递交投标文件。"),
    "message.deposit.short": _l("投标保证金到账一部分，还没有缴足。"),
    "message.deposit.short.todo": _l("请在截止时间前补足差额；差额和收款账号见到账通知。"),
    "message.deposit.over": _l("投标保证金已经缴足，多缴的部分退回。"),
    "message.deposit.over.todo": _l("请在截止时间前递交投标文件；退回的金额和期限见到账通知。"),
    "message.deposit.late": _l("一笔投标保证金在截止时间后到账，没有计入。"),
    "message.deposit.late.todo": _l("款项原路退回，金额和期限见到账通知。"),
    "message.deposit.duplicate": _l("投标保证金重复缴纳，后到的一笔退回。"),
    "message.deposit.duplicate.todo": _l("原来的保证金仍然有效；退回的金额和期限见到账通知。"),
    "message.deposit.wrong_name": _l("一笔转入本单位收款账号的款项，付款人不是本单位，没有计入。"),
    "message.deposit.wrong_name.todo": _l("请以本单位名义重新转账；退回的安排见到账通知。"),
    "message.deposit.not_basic_account": _l("一笔投标保证金不是从基本账户转出，没有计入。"),
    "message.deposit.not_basic_account.todo": _l("请从登记的基本账户重新转账；退回的安排见到账通知。"),
    "message.deposit.split": _l("一笔投标保证金少于应缴金额，没有计入。"),
    "message.deposit.split.todo": _l("本标段要求一次缴足，请一次转足应缴金额；退回的安排见到账通知。"),
    "message.deposit.unknown": _l("本单位的一笔转账写错了收款账号，没有计入任何标段。"),
    "message.deposit.unknown.todo": _l("请对照投标保证金页面上的收款账号重新转账，并联系交易中心财务办理退回。"),
}
HAPPENED: Mapping[str, object] = {
    "matched": _l("款项在截止时间前到账，付款人、付款账户和金额都符合要求，保证金已经缴足。"),
    "short": _l("款项在截止时间前到账，付款人和付款账户符合要求，已经计入，但合计仍少于应缴金额。"),
    "over": _l("款项在截止时间前到账，付款人和付款账户符合要求，保证金已经缴足，超出应缴金额的部分没有计入。"),
    "late": _l("银行入账时间不早于截止时间，这笔款项没有计入。"),
    "duplicate": _l("保证金此前已经缴足，这笔款项没有计入。"),
    "wrong_name": _l(
        "付款人户名与本单位名称不一致，这笔款项没有计入。全角半角、空格、括号样式不同，以及“有限公司”与“有限责任公司”，都视为一致。"
    ),
    "not_basic_account": _l("付款账户不是本单位登记的基本账户，这笔款项没有计入。"),
    "split": _l("招标文件要求一次缴足，这笔款项少于应缴金额，没有计入。"),
}
STEPS: Mapping[str, object] = {
    "seal": _l("保证金方面无需再做任何事。请在截止时间前递交投标文件。"),
    "nothing": _l("无需再做任何事。"),
    "top_up": _l("请在截止时间前，把差额转到本标段的收款账号。"),
    "pay_whole": _l("请在截止时间前，把应缴金额一次转足到本标段的收款账号。"),
    "pay_in_own_name": _l("请在截止时间前，以本单位名义把差额转到本标段的收款账号。"),
    "pay_from_basic": _l("请在截止时间前，从登记的基本账户把差额转到本标段的收款账号；基本账户已经变更的，请先更新登记。"),
    "too_late": _l("截止时间已过，本标段的保证金不能再补缴。没有缴足的款项按期退回。"),
}
WORDS: Mapping[str, object] = {"HAPPENED": HAPPENED, "STEPS": STEPS}
