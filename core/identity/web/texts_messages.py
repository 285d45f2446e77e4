"""The words of messages: how letters are framed, what identity itself has to tell, and the names of topics and ways.

What happened to a lot is told in the words of the package it happened in, under `message.<words>` and `message.<words>.todo`.
"""

from __future__ import annotations

from collections.abc import Mapping

from core.identity.domain.message import DeliveryState, Medium, Topic
from core.web.i18n import lazy as _l

SENTENCES: Mapping[str, object] = {
    "message.mail.subject": _l("公衡：%(what)s %(title)s"),
    "message.mail.text": _l(
        "%(what)s\n\n%(title)s\n编号：%(number)s\n\n%(todo)s\n%(link)s\n\n本邮件由系统发出，请勿回复。接收方式可在平台“消息设置”中修改。"
    ),
    "message.sms.text": _l("【公衡】%(what)s %(title)s（%(number)s）。%(todo)s%(link)s"),
    "message.account.key": _l("您的名下新登记了一个签名密钥。"),
    "message.account.key.todo": _l("如果不是您本人登记的，请立即注销它，并联系交易中心。"),
    "message.account.key_ended": _l("您的一个签名证书已注销。"),
    "message.account.key_ended.todo": _l("如果不是您本人办理的，请联系系统管理员。需要继续签名的，请登记新的设备。"),
    "message.account.anchor": _l("有互认机构的申请等待会签。"),
    "message.account.anchor.todo": _l("请核对根证书摘要和依据后会签，或撤下申请。"),
    "message.quiet_hours": _l("免打扰时段应为 0 至 23 点的整点。请检查后重试。"),
    "inbox_message.not_found": _l("没有找到这条消息。请从消息列表打开。"),
    "contact.not_found": _l("还没有登记这种联系方式。请先填写并获取验证码。"),
    "contact.mail": _l("邮箱地址不正确。请检查，例如 zhang@example.cn。"),
    "contact.sms": _l("手机号码不正确：应为 11 位中国大陆手机号。请检查后重试。"),
    "contact.too_soon": _l("验证码一分钟内只能发送一次。请稍候再试。"),
    "contact.closed": _l("本平台没有开通这种方式。请使用站内消息，或联系交易中心。"),
    "contact.refused": _l("对方不接受这个地址，验证码没有送达。请检查后重试。"),
    "contact.down": _l("验证码暂时发不出去，不是您的地址有误。请一分钟后重试；如再次出现，请联系交易中心。"),
    "contact.code": _l("验证码不正确。请重新输入，五次不对须重新获取。"),
    "contact.too_late": _l("验证码已失效：有效十分钟，最多输入五次。请重新获取。"),
}

CODE_TEXT = _l("【公衡】验证码 %(code)s，十分钟内有效，用于确认接收消息的联系方式。不是您本人操作的，请忽略。")

TOPICS: Mapping[Topic, object] = {
    Topic.CHANGE: _l("变更与中止"),
    Topic.RESULT: _l("结果"),
    Topic.TASK: _l("待办"),
    Topic.PROGRESS: _l("进展"),
    Topic.ACCOUNT: _l("账户"),
}

MEDIA: Mapping[Medium, object] = {Medium.INBOX: _l("站内消息"), Medium.MAIL: _l("邮件"), Medium.SMS: _l("短信")}

DELIVERIES: Mapping[DeliveryState, object] = {
    DeliveryState.WAITING: _l("待发送"),
    DeliveryState.SENT: _l("已发送"),
    DeliveryState.FAILED: _l("未送达"),
}

DONE: Mapping[str, object] = {
    "all_read": _l("全部消息已标为已读。"),
    "chosen": _l("消息设置已保存。"),
    "code_sent": _l("验证码已发送，请在十分钟内填写。"),
    "confirmed": _l("联系方式已确认，今后的消息会发到这里。"),
    "removed": _l("联系方式已删除，今后不再发到那里。"),
}

WHERE = {
    "contact.mail": "address",
    "contact.sms": "address",
    "contact.refused": "address",
    "contact.too_soon": "address",
    "contact.code": "code",
    "contact.too_late": "code",
    "message.quiet_hours": "quiet_begin",
}
