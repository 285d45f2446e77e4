"""What the process is told from outside: the environment's `GONGHENG_*` variables as one frozen object, and a check that they hold."""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from core.kernel.checkpoint import WITNESS, Vkey, read_vkey
from core.kernel.encoding import unhex
from core.kernel.errors import BadSignature

PREFIX = "GONGHENG_"


class SettingsFault(Exception):
    """A variable is missing or wrong; the message names it and says what is expected."""


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness of the log: where its `add-checkpoint` is, and the key that its cosignatures must verify under."""

    url: str
    vkey: Vkey


@dataclass(frozen=True, slots=True)
class LicenceProvider:
    """A provider of electronic business licences: its OpenID Connect issuer, who we are to it, and how it names what we need to know."""

    id: str
    name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str = "openid licence"
    code_claim: str = "uscc"
    org_claim: str = "org_name"
    handler_claim: str = "name"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a process is told; paths are absolute."""

    data_dir: Path
    database_url: str
    host: str
    port: int
    origin: str
    rp_id: str
    demonstration: bool
    clock_file: Path | None
    secret_key: str
    log_origin: str
    log_key_file: Path
    platform_key_file: Path
    witnesses: tuple[Witness, ...]
    tsa_url: str
    tsa_root: Path | None
    bank_url: str
    refund_release: str
    mail_url: str
    mail_from: str
    mail_user: str
    mail_password: str
    sms_url: str
    sms_key: str
    voice_url: str
    voice_key: str
    voice_signer: str
    licence_providers: tuple[LicenceProvider, ...]
    ocid_prefix: str
    video_years: int
    video_voice: str
    video_copy_dir: Path | None
    ticks: bool
    readers: int
    group: int
    redis_url: str = field(repr=False)
    proxies: int

    @property
    def files_dir(self) -> Path:
        """Where uploaded and stored files live."""
        return self.data_dir / "files"

    @property
    def tapes_dir(self) -> Path:
        """Where recordings live."""
        return self.data_dir / "tapes"

    @property
    def keys_dir(self) -> Path:
        """Where key files live unless a variable says otherwise."""
        return self.data_dir / "keys"


def load(environ: Mapping[str, str] | None = None, **changes: Any) -> Settings:
    """The settings of the environment, fields in `changes` put in their place; raises SettingsFault for the first fault found."""
    said = _Said(os.environ if environ is None else environ)
    known = {PREFIX + field.name.upper() for field in fields(Settings)}
    if strangers := sorted(name for name in said.environ if name.startswith(PREFIX) and name not in known):
        raise SettingsFault(f"{strangers[0]}: there is no such setting; known are {', '.join(sorted(known))}")
    data_dir = said.path("data_dir", "var")
    host, port = said.text("host", "127.0.0.1"), said.number("port", "8000", 1, 65535)
    host, port = changes.get("host", host), changes.get("port", port)
    demonstration = said.flag("demonstration", "no")
    origin = said.origin(f"http://localhost:{port}" if demonstration else "")
    settings = Settings(
        data_dir=data_dir,
        database_url=said.database(f"sqlite:///{data_dir / 'gongheng.db'}"),
        host=host,
        port=port,
        origin=origin,
        rp_id=said.relying_party(origin),
        demonstration=demonstration,
        clock_file=said.clock(data_dir, demonstration),
        secret_key=said.secret(data_dir, demonstration),
        log_origin=said.log_origin("localhost/gongheng" if demonstration else ""),
        log_key_file=said.path("log_key_file", str(data_dir / "keys" / "log.pem")),
        platform_key_file=said.path("platform_key_file", str(data_dir / "keys" / "platform.pem")),
        witnesses=said.witnesses(),
        tsa_url=said.url("tsa_url"),
        tsa_root=said.tsa_root(),
        bank_url=said.url("bank_url"),
        refund_release=said.choice("refund_release", "automatic" if demonstration else "two_persons", ("automatic", "two_persons")),
        **said.mail(),
        **said.sms(),
        **said.voice(),
        licence_providers=said.licence_providers(demonstration),
        ocid_prefix=said.ocid_prefix(),
        **said.video(),
        ticks=said.flag("ticks", "yes"),
        readers=said.number("readers", "4", 1, 64),
        group=said.number("group", "64", 1, 256),
        redis_url=said.redis(),
        proxies=said.number("proxies", "0", 0, 4),
    )
    return replace(settings, **changes)


class _Said:
    """The environment, read variable by variable."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ

    def text(self, name: str, default: str) -> str:
        return self.environ.get(PREFIX + name.upper(), default).strip()

    def read(self, name: str, default: str, expected: str, parse: Callable[[str], Any]) -> Any:
        written = self.text(name, default)
        try:
            return parse(written)
        except (ValueError, TypeError, KeyError, OSError, ArgumentError, BadSignature):
            said = f"{written!r} is not" if written else "is not set; it must be"
            raise SettingsFault(f"{PREFIX}{name.upper()}: {said} {expected}") from None

    def number(self, name: str, default: str, least: int, most: int) -> int:
        def parse(written: str) -> int:
            if not least <= int(written) <= most:
                raise ValueError(written)
            return int(written)

        return int(self.read(name, default, f"a whole number from {least} to {most}", parse))

    def flag(self, name: str, default: str) -> bool:
        words = {"yes": True, "no": False, "1": True, "0": False, "true": True, "false": False}
        return bool(self.read(name, default, "yes or no", lambda written: words[written.lower()]))

    def choice(self, name: str, default: str, offered: tuple[str, ...]) -> str:
        return str(self.read(name, default, f"one of {', '.join(offered)}", lambda written: offered[offered.index(written)]))

    def path(self, name: str, default: str) -> Path:
        return Path(self.text(name, default) or default).expanduser().absolute()

    def url(self, name: str) -> str:
        """An http(s) address without a trailing slash, "" for none."""
        return str(self.read(name, "", "an address such as http://127.0.0.1:8501, or nothing", _address))

    def redis(self) -> str:
        """Where web processes hear of each other, "" where there is one alone; may hold a password."""

        def parse(written: str) -> str:
            parts = urlsplit(written)
            if written and (parts.scheme not in ("redis", "rediss", "unix") or not (parts.hostname or parts.path)):
                raise ValueError
            return written

        return str(self.read("redis_url", "", "redis://HOST:PORT/0, rediss://… or unix://PATH, or nothing", parse))

    def origin(self, default: str) -> str:
        def parse(written: str) -> str:
            parts = urlsplit(_address(written))
            if not written or parts.path or parts.query or parts.fragment:
                raise ValueError(written)
            return f"{parts.scheme}://{parts.netloc}"

        return str(self.read("origin", default, "the address that browsers see, such as https://ggzy.example.cn", parse))

    def relying_party(self, origin: str) -> str:
        """WebAuthn's RP ID: the origin's host name or a parent domain of it; an IP address can be none (WebAuthn §5.1.2)."""
        host = urlsplit(origin).hostname or ""

        def parse(written: str) -> str:
            if not (host == written or host.endswith("." + written)) or written.replace(".", "").isdigit() or ":" in written:
                raise ValueError(written)
            return written

        return str(self.read("rp_id", host, f"a host name that {origin} belongs to (an IP address cannot be one)", parse))

    def database(self, default: str) -> str:
        def parse(written: str) -> str:
            url = make_url(written)
            if url.drivername not in ("sqlite", "postgresql+psycopg") or not url.database or url.database == ":memory:":
                raise ValueError(written)
            return written

        return str(self.read("database_url", default, "sqlite:///PATH or postgresql+psycopg://USER@HOST/NAME", parse))

    def clock(self, data_dir: Path, demonstration: bool) -> Path | None:
        """The file of the shared offset; only a demonstration may set its clock forward."""
        written = self.text("clock_file", str(data_dir / "clock") if demonstration else "")
        if written and not demonstration:
            raise SettingsFault(f"{PREFIX}CLOCK_FILE: is only for demonstrations; set {PREFIX}DEMONSTRATION=yes or leave it out")
        return Path(written).absolute() if written else None

    def secret(self, data_dir: Path, demonstration: bool) -> str:
        """The key of signed cookies and tokens; a demonstration makes its own at the first start."""
        written = self.text("secret_key", "")
        if not written and demonstration:
            return _kept_secret(data_dir / "keys" / "secret")
        if len(written) < 32:
            raise SettingsFault(f"{PREFIX}SECRET_KEY: must be at least 32 random characters, such as those of `openssl rand -hex 32`")
        return written

    def log_origin(self, default: str) -> str:
        def parse(written: str) -> str:
            if not written or any(letter.isspace() or letter == "+" for letter in written):
                raise ValueError(written)
            return written

        return str(self.read("log_origin", default, "the log's name for ever, such as ggzy.example.cn/log", parse))

    def ocid_prefix(self) -> str:
        """The publisher's prefix of Open Contracting IDs, registered with the Open Contracting Partnership; never to be changed again."""

        def parse(written: str) -> str:
            if not re.fullmatch(r"ocds-[a-z0-9]{6}", written):
                raise ValueError(written)
            return written

        return str(self.read("ocid_prefix", "ocds-000000", "a registered prefix such as ocds-a2ef3d", parse))

    def tsa_root(self) -> Path | None:
        """The PEM file of the roots that the time stamp authority's certificate must lead to."""
        written = self.text("tsa_root", "")
        if self.text("tsa_url", "") and not written:
            raise SettingsFault(f"{PREFIX}TSA_ROOT: is not set; beside TSA_URL it must be the PEM file of that authority's root")
        return Path(written).expanduser().absolute() if written else None

    def mail(self) -> dict[str, Any]:
        """The mail server and who writes; nothing without a server."""

        def server(written: str) -> str:
            parts = urlsplit(written)
            if written and (parts.scheme not in ("smtp", "smtps") or not parts.hostname or "@" in parts.netloc or parts.path.strip("/")):
                raise ValueError(written)
            return written.rstrip("/")

        def sender(written: str) -> str:
            name, _, host = written.rpartition("@")
            if not (name and host and written.isascii() and written.isprintable()) or " " in written:
                raise ValueError(written)
            return written

        url = str(self.read("mail_url", "", "smtp://HOST:PORT or smtps://HOST:PORT, or nothing; the user stands in MAIL_USER", server))
        said = {"mail_user": self.text("mail_user", ""), "mail_password": self.text("mail_password", "")}
        address = (
            str(self.read("mail_from", "", "the sender's address beside MAIL_URL, such as notice@ggzy.example.cn", sender)) if url else ""
        )
        return {"mail_url": url, "mail_from": address, **said}

    def video(self) -> dict[str, Any]:
        """For how many years recordings are kept (0: for ever), what is done to voices, and where the second copy lies."""
        copy = self.path("video_copy_dir", "") if self.text("video_copy_dir", "") else None
        voice = self.choice("video_voice", "muted", ("muted", "shifted"))
        return {"video_years": self.number("video_years", "15", 0, 100), "video_voice": voice, "video_copy_dir": copy}

    def sms(self) -> dict[str, Any]:
        """The SMS gateway and the key that both know."""
        url, key = self.url("sms_url"), self.text("sms_key", "")
        if url and len(key) < 16:
            raise SettingsFault(f"{PREFIX}SMS_KEY: must be the key that the gateway at SMS_URL knows too, at least 16 characters")
        return {"sms_url": url, "sms_key": key}

    def voice(self) -> dict[str, Any]:
        """The voice gateway, the key that both know, and the public key with which it signs the keys that were pressed."""
        url, key = self.url("voice_url"), self.text("voice_key", "")

        def signer(written: str) -> str:
            return unhex(written, 32).hex() if url else ""

        if url and len(key) < 16:
            raise SettingsFault(f"{PREFIX}VOICE_KEY: must be the key that the gateway at VOICE_URL knows too, at least 16 characters")
        expected = "the voice gateway's Ed25519 public key, 64 hex digits"
        return {"voice_url": url, "voice_key": key, "voice_signer": str(self.read("voice_signer", "", expected, signer))}

    def licence_providers(self, demonstration: bool) -> tuple[LicenceProvider, ...]:
        """The providers in a JSON file; outside a demonstration their issuers speak https."""

        def parse(written: str) -> tuple[LicenceProvider, ...]:
            if not written:
                return ()
            found = tuple(LicenceProvider(**entry) for entry in json.loads(Path(written).expanduser().read_text("utf-8")))
            for one in found:
                is_named = all(isinstance(getattr(one, member.name), str) and getattr(one, member.name) for member in fields(one))
                if (
                    not is_named
                    or not one.id.isalnum()
                    or not one.issuer.startswith(("http://", "https://") if demonstration else "https://")
                ):
                    raise ValueError(one.id)
            return found

        expected = "a JSON file: a list of providers, each with id, name, issuer (https), client_id and client_secret"
        found: tuple[LicenceProvider, ...] = self.read("licence_providers", "", expected, parse)
        return found

    def witnesses(self) -> tuple[Witness, ...]:
        """`URL VKEY` pairs with commas between them."""

        def parse(written: str) -> tuple[Witness, ...]:
            return tuple(_witness(pair) for pair in written.split(",") if pair.strip())

        found: tuple[Witness, ...] = self.read("witnesses", "", "URL VKEY[, URL VKEY …]; a vkey is name+id+key", parse)
        return found


def _address(written: str) -> str:
    parts = urlsplit(written)
    if written and (parts.scheme not in ("http", "https") or not parts.hostname or (parts.port or 1) < 1):
        raise ValueError(written)
    return written.rstrip("/")


def _witness(pair: str) -> Witness:
    address, key = pair.split()
    vkey = read_vkey(key)
    if vkey.algorithm != WITNESS or not _address(address):
        raise ValueError(pair)
    return Witness(_address(address), vkey)


def _kept_secret(path: Path) -> str:
    """The secret in a file, made when it is not there; of two processes that make it at once, both read the first one's."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
        with suppress(FileExistsError):
            os.link(fresh, path)  # whole or not at all, and never over another's
        fresh.unlink()
    return path.read_text().strip()
