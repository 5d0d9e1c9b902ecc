"""Logs are turned over without their writers noticing, and can be read from the end and followed."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from ckanext.mainz.runtime.logs import follow, last_lines, turn_over


def test_a_small_log_is_left_alone(tmp_path: Path):
    log = tmp_path / "web.log"
    log.write_text("a\n")
    turn_over(log, limit=10)
    assert [path.name for path in tmp_path.iterdir()] == ["web.log"]


def test_a_grown_log_moves_on_and_the_oldest_goes(tmp_path: Path):
    log = tmp_path / "web.log"
    for number in range(5):
        log.write_text(f"{number}" * 20)
        turn_over(log, limit=10, kept=3)
    assert log.read_text() == ""
    assert [(tmp_path / f"web.log.{n}").read_text()[0] for n in (1, 2, 3)] == ["4", "3", "2"]
    assert not (tmp_path / "web.log.4").exists()


def test_a_part_goes_on_writing_into_a_log_that_was_turned_over(tmp_path: Path):
    log = tmp_path / "web.log"
    with log.open("ab", buffering=0) as writer:
        writer.write(b"old " * 10)
        turn_over(log, limit=10)
        writer.write(b"new")
    assert log.read_bytes() == b"new"


def test_the_last_lines_survive_bytes_that_are_no_text(tmp_path: Path):
    log = tmp_path / "web.log"
    log.write_bytes(b"eins\n\xff zwei\nStra\xc3\x9fe\n")
    assert last_lines(log, 2) == ["\ufffd zwei", "Straße"]


def test_new_lines_are_followed_across_a_turn_over(tmp_path: Path):
    log = tmp_path / "web.log"
    log.write_text("old\n")
    lines = follow([log], pause=0)
    with log.open("a") as writer:
        writer.write("one\ntwo")
    assert next(lines) == (log, "one")
    log.write_text("2\nthree\n")
    assert [line for _, line in islice(lines, 2)] == ["two2", "three"]
