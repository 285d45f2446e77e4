"""Every check, fault and note of the verifier in words, Chinese first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from app.cli_refusals import SENTENCES
from app.verify import (
    wording_dormant,
    wording_draw,
    wording_guarantees,
    wording_money,
    wording_papers,
    wording_payouts,
    wording_scoring,
    wording_shield,
)

Lang = Literal["zh", "en"]
Words = tuple[str, str]

CHECKS: Mapping[str, Words] = {
    **wording_draw.CHECKS,
    **wording_scoring.CHECKS,
    **wording_papers.CHECKS,
    "archive": ("归档文件逐字节还原一致", "the archive is exactly what its members make"),
    "manifest": ("清单与全部文件一致", "the manifest lists every file with its digest"),
    "events": ("事件编号连续，前后相扣", "events are numbered without a gap, each holding the one before"),
    "certificates": ("证书出自可信根，且均在日志登记", "certificates lead to the trusted root, each entered in the log"),
    "authorities": (
        "其他机构作证的密钥，在每次签名时证书均有效",
        "keys that another authority vouches for were certified there whenever they signed",
    ),
    "signatures": ("全部签名有效，签名时证书有效", "every signature holds, by a certificate that stood then"),
    "speakers": ("签名人身份与权限相符，各人陈述前后相连", "everyone spoke in a role that may, in a line of their own"),
    "checkpoints": ("检查点经见证，后者延续前者", "checkpoints are witnessed, each extending the one before"),
    "inclusion": ("每个事件均在日志中", "every event stands in the log"),
    "stamps": ("时间戳有效", "the time stamps hold"),
    "close": ("结案经双方签名，事件数封定", "the close fixes the count of events, under two signatures"),
    "clock": ("时钟拨动均有记录", "jumps of the clock are told"),
    "forms": ("陈述内容齐备，无多余字段", "every statement says what its kind must say, and nothing else"),
    "order": ("各步骤先后有序", "every step came after the one it rests on"),
    "registration": ("项目登记与确认一致", "the registration is the one that was countersigned"),
    "periods": (
        "公告的时间符合法定期限，偏离均有理由和批准人",
        "the notice keeps the law's periods; what deviates is explained and approved",
    ),
    "orders": (
        "暂停、恢复、终止依次有效，期间不收标",
        "suspension, resumption and termination followed each other; no bid was taken meanwhile",
    ),
    "plan": ("来自此前发布的招标计划", "it comes of a tender plan that was published before"),
    "retender": ("重新招标，前次标段与登记一致", "this tenders another lot again, the one that its registration names"),
    "prequalification": (
        "资格预审合乎期限，审查意见重算一致，通过者与投标人相符",
        "the prequalification kept its periods, its sheets come to the same result, and who passed alone bid",
    ),
    "invitation": (
        "受邀请单位不少于三家，未受邀请或已谢绝的单位没有投标",
        "three or more were invited, and nobody bid who was not, or had declined",
    ),
    "consortia": (
        "联合体投标均有全体成员签名，成员没有另行投标",
        "every consortium that bid was signed by all its members, and none of them bid apart",
    ),
    "publication": ("定标方案、招标文件先于公告固定", "award plan and document were fixed before the notice"),
    "amendments": ("修改、澄清依法公开，截止时间只延不缩", "amendments and clarifications left the time that the law asks for"),
    "receipts": ("每份投标均有回执，无一逾期", "every bid has its receipt, and none was late"),
    "closing_list": ("截止名单完整", "the closing list is complete"),
    "applications": (
        "每份资格预审申请均有回执，无一逾期，清单完整",
        "every application has its receipt, none was late, and their list is complete",
    ),
    "applications_opened": (
        "申请在截止后由两家机构开启，不足三个的未开启",
        "applications were opened after their deadline, by two offices; fewer than three never",
    ),
    "members": ("投标的成员与资格预审申请时相同", "who had applied bid with the same members"),
    "share_boxes": ("密钥份额只封给登记在案的机构密钥", "shares of keys were sealed to certified keys of the offices alone"),
    "ciphertexts": ("密封文件与封标声明一致", "the sealed files are those that were sealed"),
    "failure": ("流标原因与案卷一致", "the lot failed for the reason that was published"),
    "opening_start": ("名单经见证后方才开标", "the opening began after the list had been witnessed"),
    "coefficients": ("系数重新抽取一致，先于解密", "the coefficients, drawn again before any key, are the same"),
    "commercial_request": ("商务标只向通过技术评审者索取密钥", "price keys were asked of those who passed, and of no other"),
    "releases": ("密钥在规定时段释放，先于一切开封", "keys were released in time, all before anything was opened"),
    "opened": ("开封结果与密钥相符", "what was opened fits its key"),
    "odd_files": ("异常文件均出自已开封的投标文件", "every file that is called odd lay in an opened bid"),
    "collusion": (
        "雷同线索与登记的摘要一致，报价规律重算一致，处理意见由有权的人签署",
        "cards are those that were logged, patterns of prices come out again, and who may has decided",
    ),
    "opening_record": ("开标记录经签名，与事件一致", "the opening record is signed and says what happened"),
    "reopened": ("重新解密，内容与唱标一致", "decrypted again, the bids say what was read out"),
    "draw": ("重新抽取，名单一致", "drawn again, the experts are the same"),
    "committee": ("评标委员会即抽取结果", "the committee is the one that was drawn"),
    "room": ("成员到齐，回避声明与组长选举无误", "everyone was there, declared, and elected the chair"),
    "discussion": ("讨论发言人均为在席成员，议题由组长开启", "only members in office spoke, in topics that the chair had opened"),
    "blind_map": ("暗标编号先于评审固定", "code names were fixed before anyone judged"),
    "questions": ("澄清由组长签发、按期答复或记录逾期", "questions are the chair's, answered in time or recorded as overdue"),
    "preliminary": ("初步评审按多数意见重算一致", "the preliminary review, counted again, is the same"),
    "technical": ("技术评分重算一致", "technical scores, computed again, are the same"),
    "scores": ("总分由签名评分表与报价重算一致", "totals, computed again from signed sheets and prices, are the same"),
    "report": ("评标报告经全体成员签名", "every member signed the report"),
    "candidates": ("候选人即评分结果", "the candidates are those of the result"),
    "publicity": ("公示内容与期限无误", "the publicity showed the candidates for its days"),
    "vote": ("选票重计一致", "the ballots, counted again, give the same winner"),
    "remedies": (
        "异议、投诉均有结果，未答复或暂停期间活动未推进",
        "objections and complaints have their ends, and nothing went on meanwhile",
    ),
    "award_notice": ("中标通知书与结果一致", "the award notice names the winner and the price"),
    "contract": ("合同与中标通知书一致", "the contract keeps the price of the notice"),
    "fees": ("专家酬金由签到、签署和休息记录重算一致", "experts' fees, computed again from sign-ins, signatures and breaks, are the same"),
    "archive_metadata": ("归档元数据列明全部文件及摘要", "the archive's metadata list every file with its digest"),
    "archive_checks": (
        "四性检测报告经平台签名，各项均通过或有理由",
        "the report of the four checks is signed; each holds, or a reason stands",
    ),
    "archive_filing": ("归档经签名，与元数据、检测报告一致", "the filing is signed over these metadata and this report"),
    "archive_holds": ("封存与解除依次有效", "holds were placed and lifted by who may"),
    **wording_shield.CHECKS,
    **wording_dormant.CHECKS,
    **wording_payouts.CHECKS,
    **wording_guarantees.CHECKS,
}

FAULTS: Mapping[str, Words] = {
    **wording_draw.FAULTS,
    **wording_scoring.FAULTS,
    **wording_shield.FAULTS,
    **wording_dormant.FAULTS,
    **wording_payouts.FAULTS,
    "misplaced": ("位置不对", "does not stand where it should"),
    "header_differs": ("文件头与内容不符", "its local header is not the one that its content would have"),
    "gap": ("文件之间有多余字节", "bytes stand between the last member and the directory"),
    "directory_differs": ("目录与文件不符", "the directory is not the one that these members would have"),
    "cut_off": ("被截断", "is cut off"),
    "bytes_changed": ("内容被改动（校验和不符）", "its bytes have changed (CRC-32)"),
    "no_archive": ("不是归档文件，或被截断", "is not an archive, or is cut off"),
    "directory_huge": ("目录大小异常", "its directory is out of all proportion"),
    "directory_damaged": ("目录损坏", "its directory is damaged"),
    "name_unfit": ("目录中有不合规的文件名", "its directory names a member that cannot be"),
    "out_of_order": ("文件重复或次序不对", "stands twice or out of order"),
    "missing": ("缺少该文件", "is missing"),
    "too_large": ("文件过大", "is too large"),
    "malformed": ("内容格式不符", "is malformed"),
    "not_as_listed": ("与清单不符，或未列入清单", "is not as the manifest lists it"),
    "not_expected": ("证据包中不应有此文件", "has no place in a package"),
    "number_differs": ("编号与内容不符", "its number is not that of its content"),
    "case_differs": ("属于另一项目", "is of another case"),
    "chain_broken": ("与前一事件不相扣", "does not hold the event before it"),
    "batch_out_of_order": ("批次先后颠倒", "stands in an earlier batch than the event before it"),
    "batch_differs": ("与同批其他事件的批次不符", "leads to another batch than others of its batch"),
    "place_twice": ("批次中同一位置被占用两次", "its place in the batch is taken"),
    "checkpoint_differs": ("未证明至最终检查点", "is not proved to the final checkpoint"),
    "key_unknown": ("签名密钥没有证书", "is signed by a key without certificate"),
    "key_unfit": ("该密钥无权作此签名", "is signed by a key that may not"),
    "actor_differs": ("签名人与陈述人不符", "is not signed by who speaks"),
    "unsigned": ("缺少应有的签名", "lacks a signature that it needs"),
    "signatures_differ": ("签名数目不符", "has not the signatures that it needs"),
    "certificate_differs": ("与所登记的证书不符", "says something else than the certificate"),
    "issue_missing": ("证书未在日志登记", "was never entered in the log"),
    "authority_unknown": ("为密钥作证的机构不在信任文件中", "is vouched for by an authority that the policy does not trust"),
    "authority_not_recognised": ("没有互认该机构的记录", "rests on an authority that nobody had recognised"),
    "authority_over": ("签名时该机构的互认已终止或期满", "was used when its authority was recognised no longer"),
    "chain_differs": ("证书链与登记不符", "does not hold the chain that was entered"),
    "key_differs": ("证书中的公钥不是登记的密钥", "holds a certificate of another key than was enrolled"),
    "other_firm": ("证书上不是该单位", "holds a certificate that does not name the firm"),
    "status_differs": ("与证书状态的答复不符", "is not what the authority's answer says"),
    "issued_after_use": ("证书登记晚于使用", "was entered after it was used"),
    "root_unknown": ("根证书不在信任文件中", "is no root that the policy trusts"),
    "manifest_differs": ("签名的不是这份清单", "signs another manifest"),
    "kind_unknown": ("未知的陈述类型", "is of an unknown kind"),
    "role_differs": ("角色不符", "is said in a role that may not"),
    "step_up_missing": ("缺少加强认证", "lacks the stronger proof that it needs"),
    "password_step_up": ("以口令代替认证器，只在演示中有效", "has a password for an authenticator, which counts in a demonstration alone"),
    "line_broken": ("该人前一份陈述缺失或被替换", "does not follow what the same person said before"),
    "nonce_twice": ("同一陈述被重复使用", "is used twice"),
    "event_missing": ("缺少事件", "an event is missing"),
    "event_twice": ("事件重复", "stands there twice"),
    "document_missing": ("公告所指招标文件不存在", "names a document that is not there"),
    "plan_missing": ("公告所指定标方案不存在", "names an award plan that is not there"),
    "too_early": ("发生得过早", "came too early"),
    "too_late": ("发生得过晚", "came too late"),
    "lot_unknown": ("标段未登记", "is of a lot that was never registered"),
    "digest_differs": ("摘要不符", "names another digest"),
    "after_termination": ("标段终止之后发生", "came after the lot had been terminated"),
    "while_suspended": ("标段暂停期间发生", "came while the lot was suspended"),
    "plan_differs": ("所指招标计划与登记不符", "names another tender plan than the registration"),
    "predecessor_differs": ("前次标段与登记不符", "names another lot before than the registration"),
    "agreement_missing": ("联合体协议不在案卷中", "names members of whom no agreement stands here"),
    "member_unsigned": ("联合体成员没有签署协议", "names a member that had not signed the agreement"),
    "member_bound": ("成员已在另一联合体中，或已单独投标", "is of a firm that is bound by another consortium, or bids alone"),
    "member_unknown": ("签署人不是联合体成员", "is said for a firm that the agreement does not name"),
    "signed_twice": ("同一人代表两个成员签名", "is signed by a person who signs for another member too"),
    "round_unfinished": ("资格预审结束前发布了招标公告", "came before the prequalification had ended"),
    "too_few_applied": ("资格预审申请人不足三家，不应开启、审查或招标", "came although fewer than three had applied"),
    "too_few_passed": ("通过资格预审的不足三家，不应发布招标公告", "came although fewer than three had passed"),
    "applicants_differ": ("与开启的资格预审申请不符", "names other applicants than were opened"),
    "result_differs": ("与签署的审查意见不符", "is not what the signed sheets come to"),
    "not_a_reviewer": ("签署人不是资格审查人员", "was signed by somebody who does not review"),
    "sheets_missing": ("有审查人员没有签署意见", "came before every reviewer had signed"),
    "letter_missing": ("有申请人没有收到结果通知书", "left an applicant without its letter"),
    "letter_differs": ("通知书与审查结果不符", "says another result than the one that was signed"),
    "not_prequalified": ("单位未通过资格预审", "is of an organisation that had not passed prequalification"),
    "not_invited": ("单位未受邀请", "is of an organisation that was not invited"),
    "invitation_declined": ("单位已谢绝邀请", "is of an organisation that had declined"),
    "approver_differs": ("偏离期限的批准人不是签发人", "was signed by another person than the one who approved its deviation"),
    "plan_too_late": ("定标方案晚于招标文件", "the award plan came after the document"),
    "document_too_late": ("招标文件晚于公告", "the document came after the notice"),
    "opening_not_at_deadline": ("开标时间与截止时间不一致", "opens at another moment than the deadline"),
    "not_as_signed": ("与签名内容不符", "is not what was signed"),
    "seal_unknown": ("所指封标声明不存在", "names a seal that is not there"),
    "receipt_twice": ("重复的回执", "is a second receipt"),
    "receipt_missing": ("没有回执", "has no receipt"),
    "practice": (
        "是练习：平台签名属实，但它不是投标回执，没有任何法律效力",
        "is of a practice: the platform did sign it, but it is no receipt of a bid and has no legal effect",
    ),
    "receipt_differs": ("回执与封标声明不符", "says something else than the seal"),
    "sealed_late": ("截止时间后收到", "came after the deadline"),
    "refused_in_time": ("在截止时间前被拒收", "was refused before the deadline"),
    "sealed_twice": ("密文或密钥与另一份投标相同", "has the ciphertext or the key of another bid"),
    "recipient_unknown": ("{role} 的密钥份额封给了未登记的密钥", "has a share for {role} sealed to a key that it does not hold"),
    "deadline_differs": ("截止时间与现行截止时间不符", "has another deadline than the one in force"),
    "extension_missing": ("应当顺延截止时间而没有顺延", "left too little time, and the deadline did not move"),
    "extension_differs": ("截止时间的顺延与计算结果不符", "moved the deadline to another moment than it should"),
    "extension_without_cause": ("截止时间无故变动", "moved the deadline without a cause"),
    "bid_left_out": ("截止名单漏列投标 {seal}", "leaves out the bid {seal}"),
    "bid_not_standing": ("截止名单列入了已撤回或已替换的投标 {seal}", "lists a bid that did not stand: {seal}"),
    "batched_after_close": ("晚于截止批次入账", "was logged after the closing batch"),
    "version_without_predecessor": ("第 {ver} 版之前的版本缺失", "version {ver} has none before it"),
    "version_differs": ("信封或版本不符", "is of another envelope or version"),
    "not_on_closing_list": ("不在截止名单上", "is not on the closing list"),
    "ciphertext_missing": ("缺少密封文件", "its sealed file is missing"),
    "list_not_witnessed": ("开标时截止名单尚未见证", "the list had not been witnessed by then"),
    "released_too_early": ("密钥释放过早", "was released too early"),
    "key_not_asked_for": ("未曾索取此密钥", "nobody had asked for this key"),
    "outside_window": ("不在规定的时段内", "came outside its window"),
    "presence_differs": ("到场名单与签到不符", "names others than those who had signed in"),
    "seals_differ": ("所列投标与开封结果不符", "lists other bids than were opened"),
    "too_few_bids": ("投标少于三份仍然开标", "opens fewer than three bids"),
    "opens_after_all": ("记为解密失败，实际可以解密", "is said to have failed, yet it opens"),
    "publicity_differs": ("公示期与公告不符", "is published for other days than the notice says"),
    "dated_ahead": ("时间晚于见证时间", "is dated later than witnesses saw it"),
    "dated_back": ("时间早于此前的检查点", "is dated earlier than a checkpoint without it"),
    "office_differs": ("密钥份额与机构不符", "speaks for another office than its certificate"),
    "opened_before_all_keys": ("密钥未收齐即开封", "was opened before all keys were in"),
    "envelope_differs": ("信封与用途不符", "is no envelope of this purpose"),
    "members_changed": ("投标的成员与申请时不同", "is made by other members than the application was"),
    "bidder_differs": ("投标人不符", "names another bidder"),
    "never_opened": ("从未开封，也无失败记录", "was neither opened nor failed"),
    "coefficients_missing": ("系数尚未抽取即开始解密", "lets keys be released before the coefficients were drawn"),
    "card_unknown": ("没有这条线索", "decides on a card that there is not"),
    "not_the_chair": ("签署人当时不是组长", "is not by who was chair then"),
    "decided_wrongly": ("线索已有结论，或评标报告已提交", "decides what was decided, or after the report"),
    "file_unknown": ("投标文件中没有这个文件", "is about a file that lay in no opened bid"),
    "record_differs": ("记录与事件不符", "says something else than the events"),
    "plaintext_differs": ("重新解密的内容不符", "decrypted again it is something else"),
    "read_out_differs": ("唱标内容与投标文件不符", "is not what the bid says"),
    "key_never_released": ("密钥从未释放", "its key was never released"),
    "seats_differ": ("席位与抽取结果不符", "the seats are not those of the draw"),
    "committee_size": ("成员人数不符", "has not the number of members that it must have"),
    "room_closed": ("有发言在报告提交之后", "came before something was still said in the room"),
    "not_a_member": ("不是成员", "is said by somebody who is no member"),
    "seat_taken": ("席位 {seat} 冲突", "seat {seat} is somebody else's"),
    "said_twice": ("同一成员重复提交（{seat}）", "is the second of one member ({seat})"),
    "member_silent": ("缺少成员的陈述", "a member's word is missing"),
    "site_differs": ("场所不符", "is at another site"),
    "recused_member": ("已声明回避的成员仍在席", "is of a member who had to step back"),
    "chair_differs": ("组长选举重计不符", "counted again the chair is another"),
    "map_differs": ("暗标编号与先前承诺不符", "the code names are not those that were fixed"),
    "rejection_differs": ("否决表决重计不符", "counted again the review decides otherwise"),
    "question_differs": ("与签发的澄清不符", "does not fit the question that was asked"),
    "question_open": ("有澄清未答复也未到期", "came while a question was neither answered nor overdue"),
    "price_matter_differs": ("报价说明或表决重算不符", "computed again the matter of a price comes out otherwise"),
    "competition_differs": ("是否缺乏竞争的表决重计不符", "counted again the vote on competition comes out otherwise"),
    "reference_differs": ("标底与承诺不符", "the reference price is not the one committed to"),
    "reference_missing": ("标底未开启", "the reference price was never opened"),
    "ranking_differs": ("是否排序与定标方案不符", "ranks where it must not, or does not where it must"),
    "candidates_differ": ("候选人不符", "the candidates are others"),
    "objection_open": ("有异议、质疑未答复", "was done while an objection waited for its answer"),
    "suspended": ("发生在暂停期间", "was done while the lot was suspended"),
    "remedy_unknown": ("没有这一异议或投诉", "is about an objection or complaint that was never filed"),
    "winner_differs": ("中标人不符", "the winner is another"),
    "price_differs": ("价格不符", "the price is another"),
    "failure_differs": ("流标原因与案卷不符", "names a reason that the case does not bear out"),
    "fee_rule_unfit": ("酬金标准不适用于本标段（{table}）", "fixes a standard of fees that does not hold for the lot ({table})"),
    "fee_rule_late": ("酬金标准晚于抽取申请，且未说明原因", "fixed the fees after the draw had been asked for, without a reason"),
    "fee_payer_differs": ("酬金支付人不是依规定的支付人", "has the fees paid by another than who must pay"),
    "fee_lines_differ": ("酬金计算的人员与签到不符", "calculates fees of others than those who had come"),
    "fee_differs": ("酬金重算不符（{line}）", "computed again the fee is another ({line})"),
    "fee_answered": (
        "酬金 {line} 不存在、已处理或有异议未答复",
        "is about a fee that is not there, was settled, or awaits an answer ({line})",
    ),
    "vote_differs": ("选票重计不符", "counted again the vote comes out otherwise"),
    "evaluated_before": ("定标成员曾参加评标", "a member of the award committee sat among the evaluators"),
    "checks_failed": ("四性检测未通过（{check}）", "reports a check that failed ({check})"),
    "hold_unknown": ("所解除的封存不存在或已解除", "lifts a hold that does not stand"),
    "close_missing": ("缺少结案事件", "is the last event and no close"),
    "count_differs": ("事件数不符", "counts other than {events} events"),
    **wording_money.FAULTS,
    "clock_jump": ("时钟被拨动，信任文件未允许", "sets the clock forward, which the policy does not allow"),
    "clock_backwards": ("时钟倒退", "sets the clock back"),
    **wording_guarantees.FAULTS,
    "certificate.revoked": ("签名时证书已吊销", "the certificate had been revoked"),
    "certificate.no_revocation_list": ("缺少覆盖该时刻的吊销列表", "no revocation list speaks for that moment"),
    "statement.malformed": ("陈述格式不符", "the statement is malformed"),
    "timestamp.not_what_was_asked": ("时间戳盖在别的内容上", "the time stamp is over something else"),
    "timestamp.root_unknown": ("时间戳不出自可信机构", "the time stamp is of an authority that the policy does not trust"),
    "merkle.not_consistent": ("日志被改写", "the log was rewritten"),
}

NOTES: Mapping[str, Words] = {
    **wording_draw.NOTES,
    **wording_dormant.NOTES,
    **wording_payouts.NOTES,
    "not_logged_yet": (
        "文件下载时尚未写入日志，签名本身有效；稍后重新下载，可取得日志证明。",
        "It had not been logged when it was downloaded; the signature holds by itself. Download it again for the proof.",
    ),
    "no_stamps": ("信任文件未列时间戳机构，时间戳未核验。", "The policy names no time stamp authority: time stamps were not checked."),
    "demonstration": (
        "演示项目：时钟被拨动 {jumps} 次，时间不是真实时间。",
        "A demonstration: the clock was set forward {jumps} times, moments are not real ones.",
    ),
    "second_signer": (
        "结案的第二签名人未在本项目中以监督身份出现，证书本身不载明角色。",
        "The second signer of the close never appears as the supervisor in this case, and a certificate does not say it.",
    ),
    "vouched": (
        "{who} 的密钥另由{zh}作证（单位代码 {uscc}，根证书 {root}…），{good} 次签名时状态正常。",
        "The key of {who} is also vouched for by {en} (credit code {uscc}, root {root}…); good at {good} of its signatures.",
    ),
    "vouched_unknown": (
        "{who} 的证书由{zh}签发，其中 {count} 次签名没有该机构的状态答复可证。",
        "For {count} signatures of {who} no answer of {en} says whether the certificate was revoked.",
    ),
    "vouched_late": (
        "{who} 的 {count} 次签名（自 {at} 起）晚于{zh}吊销证书的时间；平台当时尚不知情，事后已记入日志。",
        "{count} signatures of {who}, from {at} on, came when {en} had revoked the certificate, which the platform learned later.",
    ),
    "organisations": (
        "证书载明个人，不载明单位；签名人与单位的关系由平台登记，证据包只能间接印证。",
        "A certificate names a person, not an organisation: who signs for whom is the platform's word, supported here only in part.",
    ),
    "not_reopened": (
        "未安装 pyrage，未重新解密投标文件；可用 age -d 自行核对。",
        "pyrage is not installed, so no bid was decrypted again: age -d does the same.",
    ),
    **wording_papers.NOTES,
}

TALK: Mapping[str, Words] = {
    "title": ("公衡证据包核验", "Gongheng evidence package"),
    "accepted": ("接受：项目 {case} 的证据包完好，{checks} 项核验全部成立。", "ACCEPTED: case {case}; all of {checks} checks hold."),
    "accepted_paper": ("接受：{checks} 项核验全部成立（项目 {case}）。", "ACCEPTED: all of {checks} checks hold (case {case})."),
    "refused": ("拒绝：{member} {fault}", "REFUSED: {member} {fault}"),
    "package": ("证据包", "the package"),
    "unreadable": ("无法读取 {path}：{why}", "can't read {path}: {why}"),
    "policy_line": ("第 {line} 行不符合信任文件格式", "line {line} is not of a trust policy"),
    "policy": ("不是信任文件", "is no trust policy"),
    "lot": ("标段", "lot"),
}


def check(name: str, lang: Lang) -> str:
    """A check in words."""
    return _say(CHECKS.get(name), name, {}, lang)


def note(code: str, facts: Mapping[str, object], lang: Lang) -> str:
    """A note in words."""
    return _say(NOTES.get(code), code, facts, lang)


def talk(key: str, lang: Lang, **facts: object) -> str:
    """A sentence of the command."""
    return _say(TALK.get(key), key, facts, lang)


def fault(code: str, facts: Mapping[str, object], lang: Lang) -> str:
    """What broke, in words, with the code and its facts behind."""
    known = FAULTS.get(code) or SENTENCES.get(code)
    said = ", ".join([code, *(f"{name}={value}" for name, value in facts.items())])
    return said if known is None else f"{_say(known, code, facts, lang)} [{said}]"


def _say(words: Words | None, bare: str, facts: Mapping[str, object], lang: Lang) -> str:
    return bare if words is None else words[lang == "en"].format_map(_Gaps(facts))


class _Gaps(dict[str, object]):
    """Facts for a sentence; one that is missing shows its name."""

    def __missing__(self, name: str) -> str:
        return name
