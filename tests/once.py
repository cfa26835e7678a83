"""What each test would do again to the same end, done once a process: templates, addresses and statements are
compiled for all its applications and stores, and the stores of tests don't wait for the disk.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from types import CodeType
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule

if TYPE_CHECKING:
    from greetings.house import House
    from greetings.imaging import PictureReader


class CompiledTemplates(BytecodeCache):
    """Templates for every application of this process: each test has a new one, and its pages are the same."""

    def __init__(self) -> None:
        self._compiled: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._compiled.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._compiled[bucket.key, bucket.checksum] = bucket.code


_compile_builder: Any = Rule._compile_builder
_builders: dict[Any, Any] = {}


def _builder_of(rule: Any, *append_unknown: bool) -> Any:
    """The function that makes addresses by a rule: werkzeug writes and compiles two for each rule of each
    application, of nothing but the rule's parts; it asks the converters of the rule it is bound to.
    """
    if rule.defaults:  # are worked into the function
        return _compile_builder(rule, *append_unknown)
    parts = (rule.rule, *append_unknown, *rule._trace)
    if parts not in _builders:
        _builders[parts] = _compile_builder(rule, *append_unknown)
    return _builders[parts]


def compile_once() -> None:
    """From now on, for every application of this process."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": CompiledTemplates()}
    Rule._compile_builder = _builder_of  # type: ignore[method-assign, assignment]


def hurry(engine: Any) -> None:
    """Let a fresh engine share its compiled statements with those before it, and SQLite not wait for the disk:
    no test can cut the power.
    """
    from sqlalchemy import event

    engine._compiled_cache = _statements_of(engine.dialect)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _do_not_wait)


def do_not_sync(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are written and not waited for; a descriptor that is none is refused as ever."""
    monkeypatch.setattr(os, "fsync", os.fstat)


@contextmanager
def lent(pictures: "PictureReader", house: "House") -> Iterator[None]:
    """Let a house read pictures with the reader of all: with a copy, at which tests may patch what they like;
    the processes of both are the same, and aren't ended with the house.
    """
    house.pictures = copy(pictures)
    yield
    del house.pictures


def _do_not_wait(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


_statements: dict[type, Any] = {}


def _statements_of(dialect: Any) -> Any:
    """One cache for all engines of a kind. Statements are kept by the dialect they were compiled for, here and
    in every mapper: two dialects of a kind, which differ in nothing here, are to be the same.
    """
    from sqlalchemy.util import LRUCache

    kind: Any = type(dialect)
    if kind not in _statements:
        _statements[kind] = LRUCache(5_000)
        kind.__eq__ = lambda self, other: type(self) is type(other)
        kind.__hash__ = lambda self: hash(type(self))
    return _statements[kind]
