"""The edits of every copy that left, so that it can be restored."""

from bothways.message.edits import Edit

PLACE = "imap:buyer/INBOX/7/1"
FIRST, SECOND = Edit(10, b"\x00\xffabc", b"     "), Edit(40, b"", b"x")


def test_edits_come_back_in_order_and_octet_for_octet(ledger, make_record):
    ledger.record(
        make_record(
            aliases=(PLACE,), edits=(FIRST, SECOND), original_sha256="A" * 64, cleaned_sha256="b" * 64
        )
    )
    (copy,) = ledger.copies(alias=PLACE)
    assert copy.edits == (FIRST, SECOND)
    assert (copy.original_sha256, copy.route) == ("a" * 64, "imap")
    assert ledger.copies(cleaned_sha256="B" * 64) == [copy]


def test_the_first_look_at_an_imap_place_holds(ledger, make_record):
    ledger.record(make_record(aliases=(PLACE,), edits=(FIRST,), original_sha256="a", cleaned_sha256="b"))
    ledger.record(make_record(aliases=(PLACE,), edits=(SECOND,), original_sha256="a", cleaned_sha256="c"))
    assert [copy.edits for copy in ledger.copies(alias=PLACE)] == [(FIRST,)]


def test_another_mail_at_a_place_that_is_used_again_can_be_restored_too(ledger, make_record):
    ledger.record(make_record(aliases=(PLACE,), edits=(FIRST,), original_sha256="a", cleaned_sha256="b"))
    ledger.record(make_record(aliases=(PLACE,), edits=(SECOND,), original_sha256="c", cleaned_sha256="d"))
    assert [copy.edits for copy in ledger.copies(alias=PLACE)] == [(FIRST,), (SECOND,)]


def test_a_first_look_that_changed_nothing_holds_too(ledger, make_record):
    ledger.record(make_record(aliases=(PLACE,), original_sha256="a", cleaned_sha256="a"))
    ledger.record(make_record(aliases=(PLACE,), edits=(FIRST,), original_sha256="a", cleaned_sha256="b"))
    assert [copy.edits for copy in ledger.copies(alias=PLACE)] == [()]


def test_each_cleaned_copy_of_a_file_can_be_restored(ledger, make_record):
    for cleaned, edit in (("b", FIRST), ("c", SECOND), ("c", SECOND)):
        ledger.record(
            make_record(
                aliases=("sha256:aa",),
                route="file",
                edits=(edit,),
                original_sha256="aa",
                cleaned_sha256=cleaned,
            )
        )
    assert [copy.edits for copy in ledger.copies(alias="sha256:aa")] == [(FIRST,), (SECOND,)]
    assert ledger.copies(cleaned_sha256="c")[0].edits == (SECOND,)


def test_without_a_place_or_a_content_there_is_no_copy(ledger, make_record):
    ledger.record(make_record())
    assert ledger.copies(alias="mid:<1@seller.example>") == []
    assert ledger.copies() == []
