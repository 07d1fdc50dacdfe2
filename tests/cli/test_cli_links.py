"""`bothways links`: one answer a line, in order, as soon as the line is there."""

import json

OPAQUE = (
    "https://seller.us9.list-manage.com/track/click?u=de49160031912fd8c37783d6&id=59bfc85401&e=3cf31fc5ae"
)


def answers(result) -> list[dict]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_every_line_gets_the_documented_answer(bothways, letters):
    lines = f"{letters.wrapped}\r\nhttps://shop.example/\n\n{OPAQUE}".encode()
    unwrapped, kept, empty, opaque = answers(bothways("links", "--format", "ndjson", stdin=lines))
    assert unwrapped == {
        "url": letters.wrapped,
        "cleaned": letters.target,
        "action": "unwrap",
        "vendor": "yesware",
        "layers": [{"vendor": "yesware", "url": letters.wrapped}],
        "removed": [],
        "company": "Vendasta",
        "tells": [
            {"by": "yesware", "tells": "click", "detail": "the hashes: one reader and one send"},
            {"by": "yesware", "tells": "recipient", "detail": ""},
            {"by": "yesware", "tells": "send", "detail": ""},
        ],
    }
    assert (kept["action"], kept["cleaned"]) == ("keep", "https://shop.example/")
    assert (empty["action"], empty["cleaned"]) == ("keep", "")
    assert (opaque["action"], opaque["cleaned"], opaque["vendor"]) == ("keep_opaque", OPAQUE, "mailchimp")


def test_text_for_people(bothways, letters):
    result = bothways("links", stdin=f"{letters.wrapped}\n{OPAQUE}\n".encode())
    assert result.stdout == (
        f"{letters.wrapped}\n  -> {letters.target}\n  unwrapped: Yesware\n"
        f"{OPAQUE}\n  kept: only the vendor knows where it leads (Mailchimp)\n"
    )


def test_parameters_are_named_and_those_that_a_page_needs_stay(bothways):
    stripped, needed = (
        "https://shop.example/a?id=7&MC_eid=1e6a",
        "https://shop.example/unsubscribe?mc_eid=1e6a",
    )
    shown = bothways("links", stdin=f"{stripped}\n{needed}\n".encode()).stdout
    assert shown == (
        f"{stripped}\n  -> https://shop.example/a?id=7\n  stripped (Mailchimp); removed MC_eid\n"
        f"{needed}\n  kept: the page needs what tells on its reader\n"
    )
    row = answers(bothways("links", "--format", "ndjson", stdin=stripped.encode()))[0]
    assert (row["action"], row["vendor"], row["removed"]) == ("strip", "mailchimp", ["MC_eid"])
    assert row["tells"] == [{"by": "MC_eid", "tells": "recipient", "detail": ""}]


def test_hostile_lines_come_back_as_they_are(bothways):
    hostile = [b"http://\xff\xfe/", b"\x00", b"javascript:alert(1)", b"http://[n-3]/", b"a" * 300_000]
    rows = answers(bothways("links", "--format", "ndjson", stdin=b"\n".join(hostile)))
    assert [row["cleaned"].encode("utf-8", "surrogateescape") for row in rows] == hostile


def test_each_answer_is_written_before_the_next_line_is_read(start, letters):
    process = start("links", "--format", "ndjson")
    for _ in range(3):
        process.stdin.write(letters.wrapped.encode() + b"\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["cleaned"] == letters.target
    process.stdin.close()
    assert process.wait(120) == 0
