"""What all applications of a test session share: compiled templates, routes and statements, which are the same in each of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask.templating import Environment
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from core.kernel import db


class Compiled(BytecodeCache):
    """Templates that an earlier application compiled, as long as their sources stay what they were."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.known[bucket.key, bucket.checksum] = bucket.code


@contextmanager
def shared() -> Iterator[None]:
    """Within the block a template, a route or a statement that one application has compiled is not compiled again by the next."""
    compiled, builders, spoken = Compiled(), dict[object, Any](), dict[str, Any]()
    start, build, create = Environment.__init__, Rule._compile_builder, db.create_engine
    statements: Any = LRUCache(10_000)

    def created(url: str, **options: Any) -> Engine:
        engine: Any = create(url, **options)
        known = spoken.get(engine.dialect.name)
        if known is None or not known.server_version_info:  # nobody has connected with it yet and learned what the server is
            known = spoken[engine.dialect.name] = engine.dialect
        engine.dialect, engine._compiled_cache = known, statements  # a statement is found again by itself and by its dialect
        return engine  # type: ignore[no-any-return]  # private names of it were set

    def started(self: Environment, app: Any, **options: Any) -> None:
        start(self, app, **({"bytecode_cache": compiled} | options))

    def built(self: Rule, append_unknown: bool = True) -> Any:
        if self.defaults:
            return build(self, append_unknown)
        name = (self.rule, tuple(self._trace), append_unknown)  # all that it looks at
        if name not in builders:
            builders[name] = build(self, append_unknown)
        return builders[name]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Environment, "__init__", started)
        patch.setattr(Rule, "_compile_builder", built)
        patch.setattr(db, "create_engine", created)
        yield
