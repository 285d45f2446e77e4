"""Settings: the environment as one object that refuses to be wrong, and the look at whether what it says holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

import migrations
from core.checks import check
from core.kernel.checkpoint import LOG, WITNESS, vkey
from core.kernel.db import open_engine
from core.kernel.errors import BadSignature
from core.kernel.keyfile import open_key
from core.kernel.signing import Ed25519Signer, SoftwareP256Signer
from core.settings import SettingsFault, load

KEY = Ed25519Signer.from_seed(b"w" * 32).private
REAL = {
    "GONGHENG_ORIGIN": "https://ggzy.example.cn",
    "GONGHENG_SECRET_KEY": "s" * 32,
    "GONGHENG_LOG_ORIGIN": "ggzy.example.cn/log",
}


def test_a_demonstration_needs_nothing_but_a_folder(tmp_path):
    environ = {"GONGHENG_DEMONSTRATION": "yes", "GONGHENG_DATA_DIR": str(tmp_path)}
    settings = load(environ)
    assert (settings.origin, settings.rp_id, settings.port) == ("http://localhost:8000", "localhost", 8000)
    assert settings.database_url == f"sqlite:///{tmp_path / 'gongheng.db'}"
    assert settings.clock_file == tmp_path / "clock" and settings.files_dir == tmp_path / "files"
    assert len(settings.secret_key) == 64 and load(environ).secret_key == settings.secret_key
    assert (settings.keys_dir / "secret").stat().st_mode & 0o777 == 0o600
    assert load(environ, port=8123).origin == "http://localhost:8123"


def test_a_real_platform_has_no_set_clock_and_says_who_it_is(tmp_path):
    key = vkey("witness.example/w", WITNESS, KEY)
    said = {"DATA_DIR": str(tmp_path), "RP_ID": "example.cn", "WITNESSES": f"http://a:1/w/ {key}, https://b {key}"}
    settings = load(REAL | {f"GONGHENG_{name}": value for name, value in said.items()})
    assert settings.clock_file is None and settings.rp_id == "example.cn"
    assert [witness.url for witness in settings.witnesses] == ["http://a:1/w", "https://b"]
    assert settings.witnesses[0].vkey == key


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "80a"),
        ("PORT", "70000"),
        ("READERS", "0"),
        ("GROUP", "1000"),
        ("TICKS", "maybe"),
        ("DEMONSTRATION", "perhaps"),
        ("ORIGIN", ""),
        ("ORIGIN", "ggzy.example.cn"),
        ("ORIGIN", "https://ggzy.example.cn/path"),
        ("ORIGIN", "https://ggzy.example.cn:99999"),
        ("ORIGIN", "https://10.0.0.1"),
        ("RP_ID", "other.cn"),
        ("DATABASE_URL", "mysql://x/y"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "nonsense"),
        ("CLOCK_FILE", "/tmp/clock"),
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "short"),
        ("LOG_ORIGIN", ""),
        ("LOG_ORIGIN", "with space"),
        ("WITNESSES", "http://a"),
        ("WITNESSES", "http://a not-a-key"),
        ("WITNESSES", f"http://a {vkey('log.example', LOG, KEY)}"),
        ("WITNESSES", f"ftp://a {vkey('w.example', WITNESS, KEY)}"),
        ("TSA_URL", "http://a"),
        ("TSA_URL", "file:///etc/passwd"),
        ("BANK_URL", "bank"),
        ("REDIS_URL", "127.0.0.1:6379"),
        ("REDIS_URL", "redis://"),
        ("PROXIES", "-1"),
        ("DATABSE_URL", "sqlite:///x"),
    ],
)
def test_a_wrong_variable_is_named(tmp_path, name, value):
    with pytest.raises(SettingsFault) as fault:
        load(REAL | {"GONGHENG_DATA_DIR": str(tmp_path), f"GONGHENG_{name}": value})
    blamed = {"ORIGIN": ("ORIGIN", "RP_ID"), "TSA_URL": ("TSA_URL", "TSA_ROOT")}.get(name, (name,))
    assert str(fault.value).startswith(tuple(f"GONGHENG_{one}:" for one in blamed))


def test_a_time_stamp_authority_comes_with_its_root(tmp_path):
    root = tmp_path / "root.pem"
    more = {"GONGHENG_TSA_URL": "http://127.0.0.1:1/", "GONGHENG_TSA_ROOT": str(root), "GONGHENG_DATA_DIR": str(tmp_path)}
    assert load(REAL | more).tsa_root == root


def test_keys_are_made_once_and_only_for_their_owner(tmp_path):
    path = tmp_path / "keys" / "log.pem"
    with pytest.raises(FileNotFoundError):
        open_key(path)
    made = open_key(path, make=True)
    assert open_key(path).key == made.key == open_key(path, make=True).key
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    with pytest.raises(BadSignature, match="readable_by_others"):
        open_key(path)


@pytest.mark.parametrize(("content", "code"), [(b"nonsense", "key.malformed"), (SoftwareP256Signer.generate().to_pem(), "key.unfit")])
def test_a_key_that_is_none_is_refused(tmp_path, content, code):
    path = tmp_path / "key.pem"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(BadSignature, match=code):
        open_key(path)


def faults(settings):
    return {finding.name: finding.fault for finding in check(settings)}


def test_the_check_names_what_is_missing(settings, monkeypatch):
    monkeypatch.setattr(migrations, "head", lambda: "0001")
    assert faults(settings) == {
        "database": "", "migrations": "behind", "storage": "", "clock": "", "platform_key": "missing", "log_key": "missing",
    }  # fmt: skip
    open_key(settings.platform_key_file, make=True)
    open_key(settings.log_key_file, make=True)
    settings.log_key_file.chmod(0o604)
    monkeypatch.setattr(migrations, "head", lambda: "")
    assert faults(settings) == {
        "database": "", "migrations": "", "storage": "", "clock": "", "platform_key": "", "log_key": "readable_by_others",
    }  # fmt: skip
    assert all(finding.detail for finding in check(settings)) and check(settings)[0].ok


def test_the_check_of_an_empty_folder_makes_nothing_there(tmp_path):
    settings = load({"GONGHENG_DEMONSTRATION": "yes", "GONGHENG_DATA_DIR": str(tmp_path)})
    assert faults(settings) == {
        "database": "missing", "migrations": "missing", "storage": "", "clock": "missing",
        "platform_key": "missing", "log_key": "missing",
    }  # fmt: skip
    assert not (tmp_path / "gongheng.db").exists()


def test_the_check_survives_what_it_looks_for(tmp_path, settings, clock_file):
    clock_file.write_text("soon")
    assert faults(settings)["clock"] == "unreadable"
    (tmp_path / "blocked").write_text("")
    away = replace(settings, database_url="postgresql+psycopg://nobody@127.0.0.1:9/none", data_dir=tmp_path / "blocked")
    found = faults(away)
    assert (found["database"], found["migrations"], found["clock"], found["storage"]) == (*["unreachable"] * 3, "not_writable")


def test_a_machine_whose_clock_wanders_from_the_database_s_is_told(settings, monkeypatch):
    monkeypatch.setattr("core.checks.database_clock", lambda connection: datetime.now(UTC) + timedelta(seconds=3))
    assert faults(settings)["clock"] == "drifts"


def test_an_engine_s_errors_keep_what_was_in_the_statement_to_themselves(tmp_path):
    with open_engine(f"sqlite:///{tmp_path / 'x.db'}").connect() as connection, pytest.raises(Exception) as error:
        connection.exec_driver_sql("SELECT secret FROM nowhere WHERE x = ?", ("价格",))
    assert "价格" not in str(error.value)
