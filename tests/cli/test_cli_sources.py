"""Reading mails as a stream from files, mbox, Maildirs, folders and standard input."""

import io
import sys
from pathlib import Path

import pytest
from bothways_cli.sources import Mail, Unreadable, is_mbox, read_all, walk

ONE = b"Subject: one\n\nfirst\n"
TWO = b"Subject: two\r\n\r\nsecond\r\n>From here\r\n"
MBOX = (
    b"From a@b Thu Jan  1 00:00:00 1970\n" + ONE + b"\nFrom c@d Thu Jan  1 00:00:00 1970\r\n" + TWO + b"\r\n"
)


def read(*paths: Path | str, **options: int) -> list[Mail | Unreadable]:
    return list(read_all([str(path) for path in paths], **options))


def names(found: list[Mail | Unreadable], root: Path) -> list[str]:
    return [item.source.removeprefix(f"{root}/") for item in found]


def test_a_file_is_one_mail(tmp_path: Path):
    path = tmp_path / "one.eml"
    path.write_bytes(ONE)
    assert read(path) == [Mail(str(path), ONE, 0, len(ONE))]


def test_an_mbox_is_split_into_numbered_spans(tmp_path: Path):
    path = tmp_path / "box"
    path.write_bytes(MBOX)
    found = read(path)
    assert [(mail.source, mail.raw) for mail in found] == [(f"{path}#1", ONE), (f"{path}#2", TWO)]
    assert [MBOX[mail.start : mail.end] for mail in found] == [ONE, TWO]


@pytest.mark.parametrize(
    "body",
    [
        b"text\nFrom x 12:00\n",  # no empty line before it
        b"text\n\nFrom here on it gets better\n",  # no time of day
        b"text\n\n>From x 12:00\n",
        b"x" * 70_000 + b"\n",
        b"\n\n\n",
    ],
)
def test_what_only_looks_like_a_separator_stays_in_the_mail(tmp_path: Path, body: bytes):
    path = tmp_path / "box.mbox"
    mail = b"Subject: x\n\n" + body
    path.write_bytes(b"From a 00:00\n" + mail + b"\nFrom b 00:00\n" + ONE)
    assert [item.raw for item in read(path)] == [mail, ONE]


def test_an_eml_that_starts_with_a_from_line_is_one_mail(tmp_path: Path):
    path = tmp_path / "saved.eml"
    path.write_bytes(MBOX)
    assert read(path) == [Mail(str(path), MBOX, 0, len(MBOX))]
    assert not is_mbox(path)


def test_empty_mails_in_an_mbox_keep_their_numbers(tmp_path: Path):
    path = tmp_path / "box"
    path.write_bytes(b"From a 00:00\nFrom b 00:00\n" + ONE)
    assert [(item.source[-2:], item.raw) for item in read(path)] == [("#1", b""), ("#2", ONE)]


def test_a_folder_is_searched_for_every_kind_of_mail(tmp_path: Path):
    for name in (
        "Maildir/cur",
        "Maildir/new",
        "Maildir/tmp",
        "Maildir/.Sent/cur",
        "Maildir/.Sent/new",
        "deep/er",
    ):
        (tmp_path / name).mkdir(parents=True)
    for name in ("Maildir/cur/1:2,S", "Maildir/new/2", "Maildir/.Sent/cur/3", "deep/er/4.EML"):
        (tmp_path / name).write_bytes(ONE)
    for name in ("Maildir/dovecot.index", "Maildir/tmp/5", "Maildir/cur/.hidden", "deep/notes.txt"):
        (tmp_path / name).write_bytes(ONE)
    (tmp_path / "deep/Inbox").write_bytes(MBOX)
    assert names(read(tmp_path), tmp_path) == [
        *("Maildir/.Sent/cur/3", "Maildir/cur/1:2,S", "Maildir/new/2"),
        *("deep/Inbox#1", "deep/Inbox#2", "deep/er/4.EML"),
    ]


def test_links_to_folders_are_not_followed(tmp_path: Path):
    (tmp_path / "one.eml").write_bytes(ONE)
    (tmp_path / "loop").symlink_to(tmp_path)
    assert names(read(tmp_path), tmp_path) == ["one.eml"]


def test_what_cannot_be_read_is_named_and_the_rest_is_read(tmp_path: Path):
    (tmp_path / "one.eml").write_bytes(ONE)
    found = read(tmp_path / "missing.eml", tmp_path / "one.eml")
    assert found[0] == Unreadable(f"{tmp_path}/missing.eml", "No such file or directory")
    assert isinstance(found[1], Mail)


def test_a_folder_that_cannot_be_listed_is_named(tmp_path: Path):
    assert list(walk(tmp_path / "gone")) == [Unreadable(f"{tmp_path}/gone", "No such file or directory")]


def test_a_mail_over_the_limit_is_passed_over_with_a_note(tmp_path: Path):
    path, limit = tmp_path / "box", len(TWO)
    large = b"Subject: large\n\n" + b"line\n" * 100
    path.write_bytes(b"From a 00:00\n" + large + b"\nFrom b 00:00\n" + TWO)
    first, second = read(path, max_mail=limit)
    assert isinstance(first, Mail)
    assert (first.raw, first.notes, first.end - first.start) == (None, ("too_large",), len(large))
    assert isinstance(second, Mail)
    assert (second.raw, second.notes) == (TWO, ())


@pytest.mark.parametrize(("text", "wanted"), [(ONE, ["-"]), (MBOX, ["-#1", "-#2"])])
def test_standard_input_is_a_mail_or_an_mbox(monkeypatch: pytest.MonkeyPatch, text: bytes, wanted: list[str]):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    assert [item.source for item in read("-")] == wanted
