"""Sentences for what the offline tools may refuse, by the code of the refusal."""

from __future__ import annotations

from core.kernel.errors import Refusal
from evaluation.domain.methods.wording import Lang

SENTENCES: dict[str, tuple[str, str]] = {
    "certificate.chain": ("证书不属于信任策略认可的根证书", "a certificate does not lead to a root that the trust policy names"),
    "certificate.not_valid_then": (
        "证书不在有效期内，请核对本机时间",
        "a certificate is not valid at this time: check this machine's clock",
    ),
    "certificate.not_an_authority": ("签发证书的机构无权签发", "a certificate was issued by one that may not issue"),
    "certificate.purpose": ("证书的用途不符", "a certificate is for another purpose"),
    "certificate.algorithm": ("证书的签名算法不够安全或未获互认", "a certificate uses an algorithm that is too weak or was not recognised"),
    "certificate.critical": ("证书含有不认识的关键扩展 {oid}", "a certificate has a critical extension {oid} that is not known"),
    "certificate.name_constraints": ("上级证书带有名称限制", "a certificate above it constrains names"),
    "certificate.path_length": ("证书链过长", "the chain is longer than an authority in it allows"),
    "certificate.policy": ("证书的类别不在互认范围内", "certificates of this kind were not recognised"),
    "certificate.revoked": ("证书在签名前已被吊销", "a certificate had been revoked before"),
    "certificate.sm2": ("SM2 证书不能核验", "SM2 certificates cannot be verified"),
    "event.placement": ("日志证明损坏", "a proof from the log is damaged"),
    "jcs.duplicate_key": ("同一名称出现两次", "a name stands there twice"),
    "jcs.float": ('带小数的数字要写成文字，例如 "4850.00"', 'write numbers with a fraction as text, such as "4850.00"'),
    "jcs.malformed": ("不是合法的 JSON", "this is not valid JSON"),
    "jcs.not_an_object": ("应当是 JSON 对象", "a JSON object is expected"),
    "lot.office_key_differs": ("{role} 的密钥与其证书不一致", "the key of {role} is not the one in its certificate"),
    "lot.office_key_not_logged": ("{role} 的证书未在日志中登记", "the certificate of {role} was never entered in the log"),
    "lot.platform_unfit": ("平台证书不是平台的证书", "the platform's certificate is not one of a platform"),
    "merkle.not_included": ("日志中没有这条记录", "the log does not hold this record"),
    "note.false_signature": ("{name} 的签名不成立", "the signature of {name} is false"),
    "parcel.name": ("文件名 {name} 不能使用，请改名", "the file name {name} can't be used: rename it"),
    "parcel.name_twice": ("有两个文件仅大小写不同或同名，请改名", "two files have the same name but for case: rename one"),
    "parcel.too_many_files": ("文件超过 1000 个", "there are more than 1,000 files"),
    "release.event_elsewhere": ("{type} 不是本项目本标段的记录", "{type} is not of this case and lot"),
    "release.no_grounds": ("请求中缺少开标记录，尚不能释放", "the request lacks records of the opening: it is too early"),
    "release.not_accepted": ("投标人 {bidder} 的这份投标不在截止名单上", "this bid of {bidder} is not on the closing list"),
    "release.not_passed": ("投标人 {bidder} 未通过技术评审，价格信封不得开启", "{bidder} did not pass: its price envelope stays shut"),
    "release.other_office": ("请求发给的是 {role}，不是本机构", "the request is for {role}, not for this office"),
    "release.out_of_order": ("开标记录前后次序不对", "the records of the opening are out of order"),
    "release.signer_unknown": ("记录的签名人没有证书", "a record is signed by a key without certificate"),
    "release.window_open": ("投标人自行解密的时间到 {until} 为止，请在此之后再试", "the bidder has until {until}: try again after that"),
    "seal.cannot_open": ("密钥份额打不开，可能不是发给本机构的", "the share box does not open: it may be for another office"),
    "status.malformed": ("证书状态的答复无法读取", "an answer about a certificate can't be read"),
    "status.no_answer": ("证书状态的答复是拒绝答复", "an answer about a certificate refuses to answer"),
    "status.other_certificate": ("答复说的是另一张证书", "an answer is about another certificate"),
    "status.partial": ("吊销列表不完整", "a revocation list is only a part"),
    "status.responder": ("答复不出自该证书的签发机构", "an answer is not from the authority that issued the certificate"),
    "status.signature": ("答复的签名不成立", "the signature of an answer is false"),
    "share.bound_elsewhere": ("密钥份额属于另一份投标", "the share belongs to another bid"),
    "share.box_differs": ("密钥份额与封标声明不符", "the share box is not the one that was sealed"),
    "share.commitment_differs": ("{role} 的密钥份额与封标时的承诺不符", "the share of {role} is not the one committed to"),
    "signature.invalid": ("签名不成立", "a signature is false"),
    "trust.log_unknown": ("信任策略不认可日志 {origin}", "the trust policy does not name the log {origin}"),
    "trust.no_quorum": ("见证方签名不足，请稍候再试", "too few witnesses have signed: try again later"),
}


def sentence(refusal: Refusal, lang: Lang) -> str:
    """Why something was refused, in words; the bare code where there are none for it."""
    known = SENTENCES.get(refusal.code)
    return known[lang == "en"].format_map(refusal.facts) if known else str(refusal)
