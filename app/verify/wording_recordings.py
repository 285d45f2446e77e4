"""The words of the verifier for recordings, Chinese first."""

from __future__ import annotations

from collections.abc import Mapping

CHECKS: Mapping[str, tuple[str, str]] = {
    "recordings_close": (
        "录像链不短于结案时双方签定的长度",
        "the chain of recordings is no shorter than the two who closed the case signed",
    ),
    "recordings": (
        "录像逐片与签名的链头一致，中断均有记录，身份公开前只看过遮蔽画面",
        "recordings are, slice by slice, what their signed heads say; every gap is told; faces were shielded until they might be known",
    ),
}

FAULTS: Mapping[str, tuple[str, str]] = {
    "tape_unknown": ("与任何一段已开始的录像都对不上", "belongs to no recording that was begun and still went on"),
    "tape_unended": ("这段录像没有结束记录", "this recording was never ended"),
    "tape_index_missing": ("缺少这段录像的索引", "the index of this recording is missing"),
    "tape_slices_differ": ("签名的片数是 {signed}，索引里是 {found}", "{signed} slices were signed, the index has {found}"),
    "tape_head_differs": ("到第 {slices} 片为止的链头与签名不符", "the chain up to slice {slices} is not the one that was signed"),
    "tape_time_differs": ("录像片的时间与签名时间不符", "slices came at other times than their signature allows"),
    "tape_slice_differs": ("第 {slice} 片（{at}）的内容与签名不符", "slice {slice} ({at}) is not what was signed"),
    "tape_missing": ("包内有其他录像，唯独缺少这一段", "other recordings are in the package, this one is missing"),
    "recordings_cut": (
        "结案时录像链有 {signed} 条记录，包内只有 {found} 条",
        "the chain of recordings had {signed} events when the case was closed, {found} are here",
    ),
    "recordings_differ": ("录像链与结案时签定的不是同一条", "this is not the chain of recordings that was signed when the case was closed"),
    "recordings_going_on": ("结案时仍有录像没有结束", "a recording still went on when the case was closed"),
    "recordings_after_close": ("结案之后又录了像", "something was recorded after the case was closed"),
    "tape_longer": ("录像末尾有多余内容", "the recording goes on after its last slice"),
    "tape_disposed": ("录像已按期销毁，却仍在包内", "this recording was disposed of, and yet is here"),
    "gap_differs": ("席位 {seat} 的中断记录与录像时间不符", "does not fit the times at which the recording of seat {seat} came"),
    "gap_unsigned": ("席位 {seat} 自 {since} 起的中断没有记录", "the gap of seat {seat} from {since} on was never told"),
    "seen_too_early": ("中标结果公布前就看了未遮蔽的画面", "somebody was shown a clear picture before the award was told"),
}

NOTES: Mapping[str, tuple[str, str]] = {
    "recordings_untied": (
        "结案声明没有写明录像链的长度（旧版结案），无法判断录像链末尾是否完整",
        "the close does not say how far the recordings had come (an older close): whether their chain has lost its end cannot be told",
    ),
    "tapes_left_out": (
        "录像本身不在包内（{count} 段），只核对了索引；需要时请索取含录像的证据包",
        "{count} recordings are not in the package: their index alone was checked. Ask for the package with recordings where they matter",
    ),
    "tapes_disposed": (
        "{count} 段录像已按保管期限销毁，链仍在",
        "{count} recordings were disposed of after their term; their chains stand",
    ),
}
