"""Reading JSON of strangers: what is refused, and what of a field is believed."""

import json
import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from papers.sources.answers import (
    MAX_CURSOR,
    MAX_DEPTH,
    MAX_VALUES,
    count_of,
    decode,
    language_of,
    line_of,
    moment_of,
    read_cursor,
    text_of,
    unix_moment_of,
    write_cursor,
)
from papers.sources.base import SourceError

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inside: st.lists(inside) | st.dictionaries(st.text(), inside),
    max_leaves=10,
)


@settings(deadline=None, max_examples=50)
@given(VALUES)
def test_it_works(value: Any):
    assert decode(json.dumps(value).encode(), "Somebody") == value
    assert decode(json.dumps(value, ensure_ascii=True), "Somebody") == value


def test_nesting_is_counted_outside_of_strings():
    brackets = '"' + '[{\\"' * 5000 + '"'
    assert decode(f"[{brackets}, {brackets}]", "Somebody")
    for opening, closing in [("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")]:
        times = MAX_DEPTH // len(closing)
        decode(f"{opening * times}1{closing * times}", "Somebody")
        with pytest.raises(SourceError, match="nested over 64"):
            decode(f"[{opening * times}1{closing * times}]", "Somebody")


def test_an_answer_of_too_many_values_is_refused_unread():
    decode(b"[" + b"{}," * (MAX_VALUES // 2 - 1) + b"1]", "Somebody")
    with pytest.raises(SourceError, match="over 500,000 values"):
        decode(b"[" + b"{}," * (MAX_VALUES // 2) + b"1]", "Somebody")


@pytest.mark.parametrize(
    "body",
    [
        b"[]" * 1_000_000,
        b"[" + b"[]," * 1_000_000,
        b"[" * 3_000_000,
        b"[" * 1_000_000 + b"]" * 1_000_000,
        b'"' + b'\\"' * 1_000_000,
        b'["' * 1_000_000,
        b" " * 3_000_000,
    ],
    ids=["pairs", "a list", "open", "nested", "escapes", "strings", "blanks"],
)
def test_no_body_takes_long(body: bytes):
    begun = time.process_time()
    with pytest.raises(SourceError, match="Somebody"):
        decode(body, "Somebody")
    assert time.process_time() - begun < 5


def test_errors_say_what_came():
    for body, words in [
        (b"", "empty"),
        (b" \n<html>", "HTML"),
        (b"\xff", "UTF-8"),
        (b"{", "broken"),
        (b"NaN", "broken"),
    ]:
        with pytest.raises(SourceError, match=words):
            decode(body, "Somebody")


def test_texts_can_be_stored():
    assert text_of(" a\x00b\r\nc\ud800\x07 ") == "ab\nc"
    assert line_of("two\n lines \t") == "two lines"
    assert (line_of("x" * 999, 5), text_of(7), text_of(None)) == ("xxxxx", "", "")


def test_counts_are_counts():
    assert [count_of(value) for value in (0, 5, 2**31 - 1)] == [0, 5, 2**31 - 1]
    strange: list[object] = [True, False, -1, 2**31, 1.0, "5", None, [], {}]
    assert {count_of(value) for value in strange} == {None}


def test_times_have_zones_and_are_of_this_century():
    assert moment_of("2021-06-10T08:38:10.000Z") == datetime(2021, 6, 10, 8, 38, 10, tzinfo=UTC)
    assert moment_of("2021-06-10T08:38:10+02:00") == datetime(2021, 6, 10, 6, 38, 10, tzinfo=UTC)
    for value in ("2021-06-10T08:38:10", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00"):
        assert moment_of(value) is None
    assert {moment_of(value) for value in ("today", "", 7, None, "2" * 10_000)} == {None}
    assert unix_moment_of(1623314290) == datetime(2021, 6, 10, 8, 38, 10, tzinfo=UTC)
    strange = (True, -1, 10**15, "1623314290", 1623314290.5)
    assert {unix_moment_of(value) for value in strange} == {None}


def test_languages_are_tags():
    assert [language_of(value) for value in ("en", "pt-BR", "und")] == ["en", "pt-BR", "und"]
    for value in ("", "en us", "x" * 17, 7, None, "<b>"):
        assert language_of(value) == ""


@settings(deadline=None)
@given(st.text(), st.text())
@example("x" * 1000, "x" * 995)  # with the names of its parts as long as a cursor may be
def test_a_cursor_comes_back(first: str, second: str):
    parts = {name: value for name, value in (("a", first), ("b", second)) if value}
    cursor = write_cursor(**parts)
    assert read_cursor(cursor) == (parts if cursor else {})
    assert cursor or len(urlencode(parts)) > MAX_CURSOR or not parts


def test_a_cursor_nobody_would_read_is_not_written():
    assert len(write_cursor(a="x" * (MAX_CURSOR - 2))) == MAX_CURSOR
    assert write_cursor(a="x" * (MAX_CURSOR - 1)) == ""


@settings(deadline=None)
@given(st.text())
def test_nonsense_is_no_cursor(cursor: str):
    assert isinstance(read_cursor(cursor), dict)
