"""What all applications of a test session share: compiled templates and routes, which are the same in each of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask.templating import Environment
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule


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
    """Within the block a template or a route that one application has compiled is not compiled again by the next."""
    compiled, builders = Compiled(), dict[object, Any]()
    start, build = Environment.__init__, Rule._compile_builder

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
        yield
