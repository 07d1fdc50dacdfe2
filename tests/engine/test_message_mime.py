"""Parts as spans: nesting, boundaries of every kind, sections, protection, limits."""

import pytest
from bothways.message.mime import Protection, split


def bodies(raw):
    """Return (section, type, body) of every leaf."""
    return [
        (part.section, part.content_type, raw[part.body_start : part.body_end])
        for part in split(raw).parts
        if part.is_leaf
    ]


def sections(raw):
    return {part.section: part.content_type for part in split(raw).parts}


ALTERNATIVE = (
    b"Subject: s\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\npreamble\r\n"
    b"--b\r\n\r\nplain\r\n"
    b"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>\r\n"
    b"--b--\r\nepilogue --b\r\n"
)


@pytest.mark.parametrize("line_end", [b"\r\n", b"\n", b"\r"])
def test_parts_are_found_with_any_line_end(line_end):
    raw = ALTERNATIVE.replace(b"\r\n", line_end)
    assert bodies(raw) == [("1", "text/plain", b"plain"), ("2", "text/html", b"<p>")]


def test_line_ends_may_be_mixed():
    raw = b"A: 1\nContent-Type: multipart/mixed;\r boundary=b\r\n\n--b\r\rone\n--b\n\ntwo\r\n--b--"
    assert [body for _, _, body in bodies(raw)] == [b"one", b"two"]


def test_spans_of_a_part_leave_out_the_empty_line_and_the_break_before_a_boundary():
    html = split(ALTERNATIVE).parts[2]
    assert ALTERNATIVE[html.header_start : html.header_end] == b"Content-Type: text/html; charset=utf-8\r\n"
    assert ALTERNATIVE[html.header_end : html.body_start] == b"\r\n"
    assert ALTERNATIVE[html.body_start : html.body_end] == b"<p>"
    assert (html.charset, html.depth, html.is_text, html.attached) == ("utf-8", 1, True, False)


def test_an_mbox_line_is_no_header():
    message = split(b"From someone@example.org Mon Jan  1\nSubject: x\n\nbody")
    assert message.subject == "x"
    assert message.parts[0].header_start == 36


NESTED = (
    b"Content-Type: multipart/mixed; boundary=outer\n\n"
    b"--outer\nContent-Type: multipart/alternative; boundary=inner\n\n"
    b"--inner\n\na\n--inner\nContent-Type: text/html\n\nb\n--inner--\n"
    b"--outer\nContent-Type: message/rfc822\n\nSubject: in\nContent-Type: text/html\n\nc\n"
    b"--outer\nContent-Type: message/global\n\nContent-Type: multipart/mixed; boundary=deep\n\n"
    b"--deep\n\nd\n--deep\n\ne\n--deep--\n"
    b"--outer--\n"
)


def test_sections_are_those_of_imap():
    assert sections(NESTED) == {
        "": "multipart/mixed",
        "1": "multipart/alternative",
        "1.1": "text/plain",
        "1.2": "text/html",
        "2": "message/rfc822",
        "2.1": "text/html",
        "3": "message/global",
        "3.TEXT": "multipart/mixed",
        "3.1": "text/plain",
        "3.2": "text/plain",
    }


def test_a_mail_without_parts_is_section_1():
    assert bodies(b"Subject: x\n\nhello") == [("1", "text/plain", b"hello")]


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (b"", [b""]),
        (b"\r\n", [b""]),
        (b"Subject: only headers", [b""]),
        (b"Subject: x\r\n\r\n", [b""]),
        (b"no header at all\nsecond line", [b"no header at all\nsecond line"]),
        (b"Subject: x\nnot a field\nContent-Type: text/html\n\nbody", [b"body"]),
        (b"\x00\xff\xfe\r\r\n\n", [b"\x00\xff\xfe\r\r\n\n"]),
    ],
)
def test_odd_mails_have_one_leaf(raw, found):
    assert [body for _, _, body in bodies(raw)] == found


def test_an_outer_boundary_ends_what_was_never_closed():
    raw = NESTED.replace(b"--inner--\n", b"").replace(b"--deep--\n", b"")
    assert [body for _, _, body in bodies(raw)] == [b"a", b"b", b"c", b"d", b"e"]
    assert split(raw).notes == ("boundary:unclosed",)


def test_a_mail_that_stops_in_the_middle_keeps_its_last_part():
    raw = ALTERNATIVE[: ALTERNATIVE.index(b"<p>") + 2]
    assert bodies(raw)[-1] == ("2", "text/html", b"<p")
    assert split(raw).notes == ("boundary:unclosed",)


@pytest.mark.parametrize("parameter", [b"", b"; boundary=", b"; boundary=other"])
def test_a_multipart_without_its_boundary_is_no_text(parameter):
    raw = b"Content-Type: multipart/mixed" + parameter + b"\n\n--b\n\nx\n--b--\n"
    message = split(raw)
    assert message.notes == ("boundary:missing",)
    assert not any(part.is_text for part in message.parts)


def test_a_boundary_that_begins_another_is_told_apart():
    raw = (
        b"Content-Type: multipart/mixed; boundary=x\n\n"
        b"--x\nContent-Type: multipart/mixed; boundary=xx\n\n--xx\n\none\n--xxx\n--xx--\n"
        b"--x \t\n\ntwo\n--x--\n"
    )
    assert [body for _, _, body in bodies(raw)] == [b"one\n--xxx", b"two"]


def test_a_boundary_may_end_in_dashes():
    raw = b"Content-Type: multipart/mixed; boundary=x--\n\n--x--\n\none\n--x--\n\ntwo\n--x----\n"
    assert [body for _, _, body in bodies(raw)] == [b"one", b"two"]


@pytest.mark.parametrize(
    "parameter",
    [
        b'boundary="a b;c"',
        b'BOUNDARY = "a b\\;c"',
        b"boundary*=utf-8''a%20b%3Bc",
        b'boundary*0="a b"; boundary*1=";c"',
    ],
)
def test_boundaries_are_read_in_every_spelling(parameter):
    raw = b"Content-Type: multipart/mixed;\n " + parameter + b"\n\n--a b;c\n\nx\n--a b;c--\n"
    assert bodies(raw) == [("1", "text/plain", b"x")]


def test_a_part_may_have_headers_and_nothing_else():
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n--b\n\nx\n--b--"
    assert bodies(raw) == [("1", "text/html", b""), ("2", "text/plain", b"x")]


def test_a_multipart_may_lack_the_empty_line():
    raw = b"Content-Type: multipart/mixed; boundary=b\n--b\n\nx\n--b--"
    assert bodies(raw) == [("1", "text/plain", b"x")]


def test_parts_of_a_digest_are_messages():
    raw = b"Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: in\n\nx\n--b--"
    assert sections(raw) == {"": "multipart/digest", "1": "message/rfc822", "1.1": "text/plain"}


@pytest.mark.parametrize("encoding", [b"base64", b"Quoted-Printable"])
def test_an_encoded_message_stays_closed(encoding):
    raw = b"Content-Type: message/rfc822\nContent-Transfer-Encoding: " + encoding + b"\n\nSubject: x\n\ny"
    assert sections(raw) == {"1": "message/rfc822"}


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (b"TEXT/HTML;charset=x", "text/html"),
        (b"text / html", "text/html"),
        (b"text", "text/plain"),
        (b"", "text/plain"),
        (b"; charset=x", "text/plain"),
    ],
)
def test_types_are_read_as_written_or_text_plain(value, found):
    assert split(b"Content-Type: " + value + b"\n\nx").parts[0].content_type == found


def protections(kind, inner=b"Content-Type: text/html\n\nx"):
    raw = b"Content-Type: " + kind + b"; boundary=b\n\n--b\n" + inner + b"\n--b--"
    return [part.protection for part in split(raw).parts]


def test_everything_under_a_signature_is_signed():
    inner = b"Content-Type: message/rfc822\n\nContent-Type: text/html\n\nx"
    assert protections(b"multipart/signed", inner) == [Protection.SIGNED] * 3


def test_everything_under_encryption_is_encrypted():
    assert protections(b"multipart/encrypted") == [Protection.ENCRYPTED] * 2
    assert protections(b"multipart/mixed") == [Protection.NONE] * 2


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        (b"application/pkcs7-mime; smime-type=signed-data", Protection.SIGNED),
        (b"application/x-pkcs7-mime; smime-type=enveloped-data", Protection.ENCRYPTED),
        (b"application/pkcs7-mime", Protection.ENCRYPTED),
        (b"application/pkcs7-signature", Protection.NONE),
    ],
)
def test_cms_parts_protect_themselves(kind, found):
    assert split(b"Content-Type: " + kind + b"\n\nx").parts[0].protection is found


@pytest.mark.parametrize(
    ("value", "attached", "filename"),
    [
        (b"attachment; filename=a.html", True, "a.html"),
        (b'ATTACHMENT; filename="=?utf-8?q?=C3=A4?="', True, "ä"),
        (b"attachment; filename*=utf-8''%C3%A4.html", True, "ä.html"),
        (b"inline; filename=a.html", False, "a.html"),
        (b"", False, "n.html"),
    ],
)
def test_a_leaf_says_whether_it_is_attached(value, attached, filename):
    raw = b"Content-Type: text/html; name=n.html\nContent-Disposition: " + value + b"\n\nx"
    part = split(raw).parts[0]
    assert (part.attached, part.filename) == (attached, filename)


def test_text_inside_an_attached_message_is_not_attached():
    raw = b"Content-Type: message/rfc822\nContent-Disposition: attachment\n\nContent-Type: text/html\n\nx"
    assert [part.attached for part in split(raw).parts] == [False, False]


def test_depth_is_limited_with_a_note():
    head = b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n) for n in range(5_000))
    message = split(head + b"\nx")
    assert message.notes[0] == "limit:depth"
    assert max(part.depth for part in message.parts) == 100


def test_embedded_messages_are_limited_in_depth_too():
    message = split(b"Content-Type: message/rfc822\n\n" * 5_000)
    assert "limit:depth" in message.notes
    assert len(message.parts) == 101


def test_the_number_of_parts_is_limited_with_a_note():
    message = split(b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 100_000)
    assert "limit:parts" in message.notes
    assert len(message.parts) == 10_000


def test_a_block_of_a_hundred_thousand_fields_keeps_what_says_how_to_read_it():
    raw = b"X: y\n" * 100_000 + b"Content-Type: text/html\n\nx"
    message = split(raw)
    assert "limit:headers" in message.notes
    assert message.parts[0].content_type == "text/html"


@pytest.mark.parametrize(
    "junk",
    [
        b"; a=" * 250_000,
        b'; a="' * 200_000,
        b"; boundary=" + b"x" * 1_000_000,
        b" " * 1_000_000,
        b"; a*0*=" * 150_000,
        b"\n " * 500_000,
    ],
)
def test_a_megabyte_of_parameters_is_read_or_left(junk):
    message = split(b"Content-Type: text/html" + junk + b"\n\nx")
    assert message.parts[0].content_type == "text/html"


def test_a_hundred_thousand_foreign_boundaries_make_no_part():
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--c\n--" * 100_000 + b"\n--b\n\nx\n--b--"
    assert bodies(raw) == [("1", "text/plain", b"x")]


@pytest.mark.parametrize("line_end", [b"\r\n", b"\n", b"\r"])
def test_a_boundary_inside_of_a_line_is_text(line_end):
    lines = [b"Content-Type: multipart/mixed; boundary=b", b"", b"--b", b"", b"a --b", b"--b--b", b"--b--"]
    assert bodies(line_end.join(lines)) == [("1", "text/plain", b"a --b" + line_end + b"--b--b")]


@pytest.mark.parametrize("levels", [3, 60])
def test_few_and_many_open_multiparts_are_split_alike(levels):
    heads = b"".join(
        b"Content-Type: multipart/mixed; boundary=x%d\n\n--x%d\n" % (n, n) for n in range(levels)
    )
    tails = b"".join(b"\n--x%d\n\nleaf %d\n--x%d--" % (n, n, n) for n in reversed(range(levels)))
    leaves = bodies(heads + b"\ninnermost" + tails)
    expected = [b"innermost", *(b"leaf %d" % n for n in reversed(range(levels)))]
    assert [body for _, _, body in leaves] == expected
