"""`bothways clean` and `bothways restore`: there and back, octet for octet."""

import json
from hashlib import sha256

import pytest


def clean(bothways, source, *words):
    out = source.with_name("clean-" + source.name)
    result = bothways("clean", source, "-o", out, *words)
    assert result.exit_code == 0, result.output
    return out


def test_a_mail_is_cleaned_and_the_source_stays(bothways, offer, letters):
    out = clean(bothways, offer)
    assert out.read_bytes() == letters.tracked.replace(
        letters.wrapped.encode(), letters.target.encode()
    ).replace(b'<img src="' + letters.pixel.encode() + b'" width="1" height="1">', b"")
    assert offer.read_bytes() == letters.tracked


def test_the_length_is_kept_where_asked_for(bothways, offer, letters):
    cleaned = clean(bothways, offer, "--keep-length").read_bytes()
    assert (len(cleaned), cleaned.count(b"\n")) == (len(letters.tracked), letters.tracked.count(b"\n"))
    assert letters.pixel.encode() not in cleaned


@pytest.mark.parametrize("words", [(), ("--keep-length",)])
def test_restore_gives_back_the_original(bothways, offer, letters, words):
    out = clean(bothways, offer, *words)
    back = offer.with_name("back.eml")
    assert bothways("restore", out, "-o", back).exit_code == 0
    assert back.read_bytes() == letters.tracked


def test_the_edits_file_is_what_it_is_documented_to_be(bothways, offer, letters):
    out = clean(bothways, offer)
    path = out.with_name(out.name + ".edits.jsonl")
    head, record = [json.loads(line) for line in path.read_text().splitlines()]
    assert head == {"bothways_edits": 1}
    assert record["source"] == "offer.eml"
    assert record["original_sha256"] == sha256(letters.tracked).hexdigest()
    assert record["cleaned_sha256"] == sha256(out.read_bytes()).hexdigest()
    assert [sorted(edit) for edit in record["edits"]] == [["original", "replacement", "start"]] * 2
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_maildir_goes_there_and_back_though_mails_were_moved(bothways, tmp_path, letters):
    source = tmp_path / "mail"
    for name in ("cur", "new", "tmp"):
        (source / name).mkdir(parents=True)
    (source / "new/1").write_bytes(letters.tracked)
    (source / "cur/2:2,S").write_bytes(letters.plain)
    (source / "archive").write_bytes(letters.mbox)
    out = clean(bothways, source)
    (out / "new/1").rename(out / "cur/1:2,S")
    assert bothways("restore", out, "-o", tmp_path / "back").exit_code == 0
    assert (tmp_path / "back/cur/1:2,S").read_bytes() == letters.tracked
    assert (tmp_path / "back/cur/2:2,S").read_bytes() == letters.plain
    assert (tmp_path / "back/archive").read_bytes() == letters.mbox


def test_mails_that_look_the_same_when_clean_get_back_their_own(bothways, tmp_path, letters):
    source = tmp_path / "mail"
    source.mkdir()
    other = letters.tracked.replace(b"0a0a/", b"0b0b/")
    (source / "a.eml").write_bytes(letters.tracked)
    (source / "b.eml").write_bytes(other)
    out = clean(bothways, source)
    assert (out / "a.eml").read_bytes() == (out / "b.eml").read_bytes()
    bothways("restore", out, "-o", tmp_path / "back")
    assert (tmp_path / "back/a.eml").read_bytes() == letters.tracked
    assert (tmp_path / "back/b.eml").read_bytes() == other


def test_in_an_mbox_their_order_tells_such_mails_apart(bothways, tmp_path, letters):
    box = tmp_path / "box"
    box.write_bytes(letters.mbox.replace(letters.plain, letters.tracked.replace(b"0a0a/", b"0b0b/")))
    out = clean(bothways, box)
    bothways("restore", out, "-o", tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == box.read_bytes()


def test_a_mail_that_was_changed_since_is_refused(bothways, offer):
    out = clean(bothways, offer)
    out.write_bytes(out.read_bytes() + b"!")
    result = bothways("restore", out, "-o", offer.with_name("back.eml"))
    assert result.exit_code == 3
    assert "not as it was when it was cleaned" in result.stderr
    assert not offer.with_name("back.eml").exists()


def test_in_an_mbox_the_other_mails_are_restored(bothways, tmp_path, letters):
    box = tmp_path / "box"
    box.write_bytes(letters.mbox)
    out = clean(bothways, box)
    out.write_bytes(out.read_bytes().replace(b"Friday", b"Monday"))
    result = bothways("restore", out, "-o", tmp_path / "back")
    assert result.exit_code == 3
    assert result.stderr.startswith(f"bothways: {out}#2: not as it was")
    assert (tmp_path / "back").read_bytes() == letters.mbox.replace(b"Friday", b"Monday")


def test_edits_that_do_not_lead_to_the_original_are_refused(bothways, offer):
    out = clean(bothways, offer)
    path = out.with_name(out.name + ".edits.jsonl")
    head, record = path.read_text().splitlines()
    record = json.loads(record)
    record["original_sha256"] = "00" * 32
    path.write_text(head + "\n" + json.dumps(record) + "\n")
    result = bothways("restore", out, "-o", offer.with_name("back.eml"))
    assert result.exit_code == 3
    assert "do not give back the original" in result.stderr


@pytest.mark.parametrize(
    "text",
    ["", "{}\n", "[]\n", "\x00", '{"bothways_edits": 2}\n', '{"bothways_edits": 1}\n{"source": "x"}\n'],
)
def test_what_is_no_edits_file_is_wrong_use(bothways, offer, text):
    path = offer.with_name("edits")
    path.write_text(text)
    result = bothways("restore", offer, "-o", offer.with_name("back.eml"), "--edits", path)
    assert result.exit_code == 2
    assert "edits file" in result.stderr


def test_nothing_that_exists_is_overwritten(bothways, offer, letters):
    out = clean(bothways, offer)
    assert bothways("clean", offer, "-o", offer).exit_code == 2
    assert bothways("clean", offer, "-o", out).exit_code == 2
    assert bothways("clean", offer, "-o", offer.with_name("new"), "--edits", offer).exit_code == 2
    assert not offer.with_name("new").exists()
    assert offer.read_bytes() == letters.tracked


def test_a_source_that_is_not_there_leaves_nothing_behind(bothways, tmp_path):
    result = bothways("clean", tmp_path / "gone.eml", "-o", tmp_path / "out.eml")
    assert result.exit_code == 3
    assert result.stderr == f"bothways: {tmp_path}/gone.eml: No such file or directory\n"
    assert list(tmp_path.iterdir()) == []


def test_it_says_what_was_done(bothways, offer):
    result = bothways("clean", offer, "-o", offer.with_name("out"))
    assert result.stdout.startswith("1 mail: 1 load blocked, 1 link cleaned, 0 seen\nwritten to ")


def test_a_signature_of_the_way_is_told_to_be_broken(bothways, offer, letters):
    offer.write_bytes(b"DKIM-Signature: v=1; a=rsa-sha256; bh=x; b=y\n" + letters.tracked)
    result = bothways("clean", offer, "-o", offer.with_name("out"))
    assert "1 DKIM signature no longer fit" in result.stdout
