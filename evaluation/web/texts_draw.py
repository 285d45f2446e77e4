"""The words of a draw's regions and of its recomputation step by step."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l
from evaluation.domain.region_mix import region_of
from evaluation.domain.specialty import specialty_of
from evaluation.web.texts_pool import SPECIALTIES

SENTENCES: Mapping[str, object] = {
    "draw.mix.too_many": _l("地区要求最多 %(most)s 条。请合并后重试。"),
    "draw.mix.stratum": _l("地区要求中的专业“%(stratum)s”没有填写抽取人数。请先填写该专业的人数。"),
    "draw.mix.region": _l("请选择地区。"),
    "draw.mix.twice": _l("专业“%(stratum)s”的地区要求重复，或人数不到 1 人。同一地区只能写一条“至少”，同一专业只能写一条“至多”。"),
    "draw.mix.most": _l("专业“%(stratum)s”中“%(region)s至多”的人数应少于该专业人数，且不少于该地区“至少”的人数。请核对。"),
    "draw.mix.sum": _l("专业“%(stratum)s”各地区“至少”的人数之和超过该专业人数。请减少后重试。"),
    "draw.mix.incoherent": _l("抽取条件中的地区分组与专业分组不一致。请重新拟定。"),
}

VERDICTS: Mapping[str, object] = {
    "seated": _l("入选"),
    "recused": _l("应回避，跳过"),
    "left": _l("抽取后已退出，跳过"),
    "elsewhere": _l("已在其他组别入选，跳过"),
    "cap": _l("同单位已满，跳过"),
}
TONES: Mapping[str, str] = {"seated": "ok", "recused": "warn", "left": "warn", "elsewhere": "line", "cap": "warn"}

_IN, _OUTSIDE = _l("%(specialty)s（%(region)s）"), _l("%(specialty)s（%(region)s以外）")


def stratum_name(stratum: str) -> str:
    """A stratum in words: its specialty, and the region that it is confined to."""
    specialty = str(SPECIALTIES.get(specialty_of(stratum), specialty_of(stratum)))
    region, elsewhere = region_of(stratum)
    return str(_OUTSIDE if elsewhere else _IN) % {"specialty": specialty, "region": region} if region else specialty


WORDS: Mapping[str, object] = {"VERDICTS": VERDICTS, "VERDICT_TONES": TONES, "stratum_name": stratum_name}
