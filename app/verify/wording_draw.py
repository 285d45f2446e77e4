"""What the verifier says of draws and slips, of calls after a draw and of draws that were made again."""

from __future__ import annotations

from collections.abc import Mapping

CHECKS: Mapping[str, tuple[str, str]] = {
    "calls": (
        "抽中的专家均经通知，未到者依次递补，名单为确认参加者",
        "everybody drawn was asked, the next followed who did not come, and the list is who confirmed",
    ),
    "ties": (
        "并列投标的抽签由各方随机值重算一致，名次与抽签顺序相符",
        "lots among equal bids, drawn again from the slips, give the same order, and the ranks follow it",
    ),
}

FAULTS: Mapping[str, tuple[str, str]] = {
    "draw_differs": ("重新抽取结果不符", "drawn again it comes out otherwise"),
    "draw_missing": ("缺少抽取结果", "its draw is missing"),
    "slip_differs": ("{party} 公布的数值与承诺不符", "{party} opened another slip than it sealed"),
    "lots_undue": ("当时没有需要这次抽签的并列投标", "is about bids that did not wait for this draw of lots"),
    "lots_missing": ("作出时有并列投标尚未按招标文件抽签", "came while equal bids waited for a draw of lots"),
    "lots_differ": ("名次与抽签顺序不符", "ranks otherwise than the lots were drawn"),
    "slip_twice": ("同一方重复提交", "is a second slip of one party"),
    "slip_missing": ("抽取前缺少一方的数值", "was drawn without every party's slip"),
    "revealed_too_early": ("承诺未收齐即公布", "was opened before every slip was sealed"),
    "slip.not_committed": ("两家机构的份额拼不出所承诺的数值", "two shares do not give the value that was committed to"),
    "slip.malformed": ("随机值的份额格式不符", "the shares of a slip are malformed"),
    "slip_undealt": ("该方的随机值没有分存给这一机构", "opens a slip that was not dealt to this office"),
    "call_differs": ("通知与抽取名单或条件不符", "does not fit the list or the conditions of its draw"),
    "answer_unproved": ("答复没有本人或语音平台的有效签名", "has no valid word of the expert or of the gateway"),
    "answer_differs": ("答复与签名内容不符", "says something else than what was signed"),
    "successor_differs": ("递补的不是签号顺序的下一位", "is not followed by the next in ticket order"),
    "list_differs": ("名单与通知结果不符", "is not the list that the calls led to"),
    "list_unconfirmed": ("名单上有人没有确认参加", "names somebody who had not confirmed"),
    "alarm_missing": ("再次抽取没有提示监督部门", "was drawn again without an alarm"),
    "alarm_differs": ("提示内容与再次抽取的理由不符", "tells another reason than the request"),
    "draw.request.reason": ("再次抽取没有写明理由", "draws again without a reason"),
    "draw.request.formed": ("委员会未封存即另组", "draws another committee, or seats one, where the sitting one was not sealed"),
    "draw.request.old_member": ("另组的委员会可抽到旧成员", "may draw somebody who was called for the lot before"),
    "old_member": ("曾被通知或参加的人又在另组的委员会中", "is of somebody who was called before, in a new committee"),
    "draw.request.no_reason_due": ("首次抽取不应有理由", "is a first draw and gives a reason to draw again"),
    "draw.request.conditions": ("再次抽取改变了条件", "draws again under other conditions"),
    "draw.request.no_choice": ("可抽专家不多于名额，等于指定", "leaves no choice in a specialty"),
    "reply_missing": ("没有此前的专家库回复", "is not covered by a reply that came before"),
    "draw.commit.provincial": ("由省级专家库抽取，不应有各方随机值", "is a slip where a provincial pool draws"),
    "draw.reply.form": ("专家库回复的格式不符", "has a reply of another form"),
    "draw.reply.other_letter": ("专家库回复的不是这份函", "answers another letter"),
    "draw.reply.strata": ("专家库回复的专业与函不符", "answers for other specialties than were asked"),
    "draw.reply.count": ("专家库回复的人数与函不符", "names another number than was asked"),
    "draw.reply.twice": ("专家库回复中有人出现两次", "names somebody twice"),
    "draw.reply.recused": ("专家库回复中有应回避的人", "names somebody who was to be left out"),
    "partner.authority": ("签名证书不是由信任文件所列机构签发", "is signed under an authority that the policy does not name"),
    "partner.other": ("签名证书中的单位不是该专家库", "is signed by another organisation"),
    "partner.form": ("对方文件的格式不符", "is a file of another form"),
    "detached.invalid": ("分离签名与内容不符", "has a detached signature that does not fit"),
    "detached.signer": ("分离签名不是证书持有人作出", "has a detached signature of another key"),
    "detached.malformed": ("分离签名格式不符", "has a detached signature of another form"),
    "detached.key": ("签名证书的密钥类型不受支持", "is signed by an unsupported kind of key"),
    "draw.mix.incoherent": ("地区分组与专业分组不一致", "puts somebody into a region and not into the specialty, or into two regions"),
    "draw.calling.too_soon": ("集合时间早于答复期限", "lets the members assemble before they could answer"),
    "period.expert_draw.too_early": ("抽取早于规定的时间", "draws earlier than the rule allows"),
}

NOTES: Mapping[str, tuple[str, str]] = {
    "provincial_draw": (
        "{draw} 由{partner}抽取，此处无法复算；其签名回复在证据包内，签名和名单已核验",
        "{draw} was drawn by {partner} and cannot be recomputed here; its signed reply is in the package, signature and list were checked",
    ),
}
