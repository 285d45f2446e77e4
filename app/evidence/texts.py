"""The words of a package's README."""

from __future__ import annotations

ABOUT = """\
公衡 Gongheng 证据包 / evidence package of case {case}

核验 / to check:   gongheng verify PACKAGE.zip --policy TRUSTED.txt
信任文件 TRUSTED.txt 须从独立渠道取得，包内 policy/ 只供对照。
TRUSTED.txt must come from elsewhere (gazette, tender document); nothing under policy/ in here is trusted.
不用本程序也能核对 / without our program:
  sha256sum -c manifest-sha256.txt · openssl ts -verify · openssl verify · age -d · any C2SP tlog client
"""
