"""What the verifier says of single papers and of archived cases, Chinese first."""

from __future__ import annotations

from collections.abc import Mapping

CHECKS: Mapping[str, tuple[str, str]] = {
    "paper": ("文件格式完整", "the file is whole"),
    "paper_signature": ("平台签名有效，证书出自可信根", "the platform signed it, by a certificate that leads to the trusted root"),
    "paper_receipt": ("回执所签收的，就是所附的密封声明", "the receipt is for the seal beside it"),
    "paper_late": (
        "留痕所记的，就是所附的密封声明，到达不早于截止",
        "the trace is of the seals beside it, which came at the deadline or later",
    ),
    "paper_real": ("是真实投标的凭证，不是练习", "it is of a real bid, not of a practice"),
    "paper_ciphertext": ("密文与密封声明一致", "the ciphertext is the one that was sealed"),
    "paper_log": ("存证在经见证的日志中", "it stands in the witnessed log"),
    "archive_metadata": ("归档元数据列明全部文件及摘要", "the archive's metadata list every file with its digest"),
    "archive_checks": (
        "四性检测报告经平台签名，各项均通过或有理由",
        "the report of the four checks is signed; each holds, or a reason stands",
    ),
    "archive_filing": ("归档经签名，与元数据、检测报告一致", "the filing is signed over these metadata and this report"),
    "archive_holds": ("封存与解除依次有效", "holds were placed and lifted by who may"),
}

NOTES: Mapping[str, tuple[str, str]] = {
    "archived": ("案卷已归档，档号 {number}，保管至 {until}。", "The case is archived under {number}, to be kept until {until}."),
    "archived_for_ever": ("案卷已归档，档号 {number}，永久保管。", "The case is archived under {number}, to be kept for ever."),
    "not_logged_yet": (
        "文件下载时尚未写入日志，签名本身有效；稍后重新下载，可取得日志证明。",
        "It had not been logged when it was downloaded; the signature holds by itself. Download it again for the proof.",
    ),
    "archive_held": ("案卷有 {count} 项封存未解除。", "{count} holds stand on the archived case."),
}
