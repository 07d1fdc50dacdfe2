"""A changed copy: complete or not there, everything that is no mail octet for octet."""

from pathlib import Path

import pytest
from bothways_cli.errors import WrongUse
from bothways_cli.rewriting import fresh, refuse_nested, rewrite
from bothways_cli.sources import Unreadable

MBOX = b"From a 00:00\r\nA: 1\n\nx\n\n\nFrom b 00:00\nB: 2\n\n>From y\n\n"


def shout(name: str, raw: bytes) -> bytes:
    return raw.upper() + name.encode()


def copy(source: Path, out: Path) -> list[Unreadable]:
    with fresh(out) as place:
        return list(rewrite(source, place, shout))


def test_a_file_keeps_its_times_and_its_mode(tmp_path: Path):
    source, out = tmp_path / "a.eml", tmp_path / "b.eml"
    source.write_bytes(b"x")
    source.chmod(0o640)
    assert copy(source, out) == []
    assert out.read_bytes() == b"Xa.eml"
    before, after = source.stat(), out.stat()
    assert (before.st_mode, before.st_mtime_ns) == (after.st_mode, after.st_mtime_ns)


def test_an_mbox_keeps_what_lies_between_its_mails(tmp_path: Path):
    source, out = tmp_path / "box", tmp_path / "out"
    source.write_bytes(MBOX)
    copy(source, out)
    wanted = b"From a 00:00\r\nA: 1\n\nX\n\nbox#1\nFrom b 00:00\nB: 2\n\n>FROM Y\nbox#2\n"
    assert out.read_bytes() == wanted


def test_a_folder_is_copied_whole(tmp_path: Path):
    source, out = tmp_path / "in", tmp_path / "out"
    for name in ("cur", "new", "tmp"):
        (source / name).mkdir(parents=True)
    (source / "cur/1:2,S").write_bytes(b"mail")
    (source / "uidlist").write_bytes(b"3 V1")
    (source / "again").symlink_to("uidlist")
    assert copy(source, out) == []
    assert (out / "cur/1:2,S").read_bytes() == b"MAILcur/1:2,S"
    assert (out / "uidlist").read_bytes() == b"3 V1"
    assert (out / "again").readlink() == Path("uidlist")
    assert (out / "tmp").is_dir()


def test_what_exists_is_never_overwritten(tmp_path: Path):
    source, out = tmp_path / "a.eml", tmp_path / "b.eml"
    source.write_bytes(b"x")
    out.write_bytes(b"precious")
    with pytest.raises(WrongUse, match="exists"):
        copy(source, out)
    assert out.read_bytes() == b"precious"


def test_nothing_is_left_of_a_copy_that_failed(tmp_path: Path):
    def fail_halfway() -> None:
        with fresh(tmp_path / "out") as place:
            place.write_bytes(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_halfway()
    assert list(tmp_path.iterdir()) == []


def test_a_source_that_cannot_be_read_gives_no_copy(tmp_path: Path):
    missing = tmp_path / "missing.eml"
    assert copy(missing, tmp_path / "out") == [Unreadable(str(missing), "No such file or directory")]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("source", "out"), [("a", "a"), ("a", "a/b"), ("a/b", "a")])
def test_source_and_copy_may_not_lie_in_one_another(tmp_path: Path, source: str, out: str):
    with pytest.raises(WrongUse, match="one another"):
        refuse_nested(tmp_path / source, tmp_path / out)
