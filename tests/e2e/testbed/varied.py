"""Mails of every build that a client may take apart: nested, signed, forwarded, flowed, empty, large."""

import email
import hashlib
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP

from testbed.letters import (
    LANDING,
    SEND,
    Letter,
    all_letters,
    begin,
    forwarded_mail,
    long_mail,
    mail_with_attachment,
    mail_with_click,
    mailtrack_open,
    mandrill_click,
    mandrill_open,
    page,
    yesware_open,
)

RECEIPTS = ("Disposition-Notification-To", "X-Confirm-Reading-To", "Return-Receipt-To")
"""Fields that ask for a receipt, in the mail that has them all."""


def varied_letters(run: str) -> Iterator[Letter]:
    """Give one mail of each build, none above 400 KB; `run` sets their names apart from other tests'."""
    yield from (letter for letter in all_letters(run) if not letter.name.endswith(("-attachment", "-long")))
    yield mail_with_attachment(f"{run}-attachment", 120_000)
    yield long_mail(f"{run}-long", 3_000)
    yield nested_mail(f"{run}-nested")
    yield mail_with_receipts(f"{run}-receipts")
    yield flowed_mail(f"{run}-flowed")
    yield forwarded_twice(f"{run}-twice")
    yield digest(f"{run}-digest")
    yield mail_with_late_text(f"{run}-late", 100_000)
    yield deep_mail(f"{run}-deep", 6)
    yield unclosed_mail(f"{run}-unclosed")
    yield page_alone(f"{run}-page")
    yield Letter(f"{run}-empty", begin(f"{run}-empty", "").as_bytes() + b"\r\n")
    yield Letter(f"{run}-bare", f"Message-ID: <{run}-bare@vendor.test>\r\n\r\n".encode())


def large_letters(run: str) -> Iterator[Letter]:
    """Give mails of which nobody can look at all: what follows 2 MiB of other things stays as it is."""
    yield Letter(f"{run}-later", mail_with_late_text(f"{run}-later", 2_500_000).raw)
    yield Letter(f"{run}-longer", long_mail(f"{run}-longer", 40_000).raw)


def nested_mail(name: str) -> Letter:
    """Write a mail of a plain text, a page with a picture inside it, a file, and a footer after the file."""
    pixel, footer = mandrill_open(SEND), yesware_open(SEND)
    mail = begin(name, "All of it")
    mail.set_content("All of it.\n")
    mail.add_alternative(page("All of it.", pixel), subtype="html", cte="quoted-printable")
    picture = hashlib.shake_256(name.encode()).digest(9_000)
    list(mail.iter_parts())[1].add_related(picture, maintype="image", subtype="png", cid="<inside@v.test>")
    mail.add_attachment(picture[:3_000], maintype="application", subtype="pdf", filename="terms.pdf")
    mail.add_attachment(page("A footer.", footer), subtype="html", cte="base64", disposition="inline")
    return Letter(name, mail.as_bytes(), (pixel, footer))


def mail_with_receipts(name: str) -> Letter:
    """Write a mail that asks for receipts, one request folded, and carries one that does as well."""
    inner = begin(f"{name}-within", "Please confirm")
    inner["Disposition-Notification-To"] = "sam@vendor.test"
    inner.set_content("Please confirm.\n")
    mail = begin(name, "Please confirm this too")
    for field in RECEIPTS:
        mail[field] = "sam@vendor.test"
    mail.set_content("See below.\n")
    mail.add_attachment(email.message_from_bytes(inner.as_bytes(), policy=SMTP), disposition="inline")
    folded = mail.as_bytes().replace(b"X-Confirm-Reading-To: ", b"X-Confirm-Reading-To:\r\n ")
    return Letter(name, folded)


def flowed_mail(name: str) -> Letter:
    """Write a mail of flowed text: its wrapped link stays, a shorter one would leave spaces at the end."""
    link = mandrill_click(SEND, LANDING)
    mail = begin(name, "In plain words")
    mail.set_content(f"Dear reader, \nlook here: \n{link}\n\n> quoted \n> words\n-- \nSam\n", cte="7bit")
    mail.set_param("format", "flowed")
    return Letter(name, mail.as_bytes())


def forwarded_twice(name: str) -> Letter:
    """Write a mail that carries one that carries a tracked one."""
    inner = forwarded_mail(f"{name}-first")
    mail = begin(name, "Fwd: Fwd: Something new")
    mail.set_content("See below.\n")
    mail.add_attachment(email.message_from_bytes(inner.raw, policy=SMTP), disposition="inline")
    return Letter(name, mail.as_bytes(), inner.gone)


def digest(name: str) -> Letter:
    """Write a digest of three mails."""
    head = _head(name, "Digest", 'multipart/digest; boundary="issue"')
    letters = [mail_with_click(f"{name}-{number}") for number in range(3)]
    body = b"".join(b"--issue\r\nContent-Type: message/rfc822\r\n\r\n" + each.raw for each in letters)
    raw = head + b"A preamble.\r\n" + body + b"--issue--\r\nAn epilogue.\r\n"
    return Letter(name, raw, tuple(text for each in letters for text in each.gone))


def mail_with_late_text(name: str, size: int) -> Letter:
    """Write a mail whose tracked page stands behind a file."""
    pixel = mailtrack_open(SEND)
    mail = begin(name, "The file first")
    noise = hashlib.shake_256(name.encode()).digest(size)
    mail.add_attachment(noise, maintype="application", subtype="zip", filename="first.zip")
    mail.add_attachment(page("And now.", pixel), subtype="html", cte="quoted-printable", disposition="inline")
    return Letter(name, mail.as_bytes(), (pixel,))


def deep_mail(name: str, depth: int) -> Letter:
    """Write a mail whose page is so many multiparts deep."""
    pixel = yesware_open(SEND)
    part = EmailMessage(policy=SMTP)
    part.set_content(page("Deep down.", pixel), subtype="html", cte="quoted-printable")
    for level in range(depth):
        outer = EmailMessage(policy=SMTP) if level < depth - 1 else begin(name, "Deep")
        outer["Content-Type"] = f'multipart/mixed; boundary="level-{level}"'
        outer.attach(part)
        part = outer
    return Letter(name, part.as_bytes(), (pixel,))


def unclosed_mail(name: str) -> Letter:
    """Write a mail whose last boundary was lost."""
    pixel = mandrill_open(SEND)
    head = _head(name, "Cut off", 'multipart/alternative; boundary="lost"')
    html = page("Cut off.", pixel).replace("\n", "\r\n").encode()
    plain = b"--lost\r\nContent-Type: text/plain\r\n\r\nCut off.\r\n"
    body = plain + b"--lost\r\nContent-Type: text/html\r\n\r\n" + html
    return Letter(name, head + body, (pixel,))


def page_alone(name: str) -> Letter:
    """Write a mail that is one page of UTF-8 octets, with a pixel and a wrapped link."""
    pixel, link = mailtrack_open(SEND), mandrill_click(SEND, LANDING)
    mail = begin(name, "Grüße")
    mail.set_content(page("Schöne Grüße — 東京", pixel, link), subtype="html", cte="8bit")
    return Letter(name, mail.as_bytes(policy=SMTP.clone(cte_type="8bit")), (pixel, link))


def _head(name: str, subject: str, content_type: str) -> bytes:
    """Write a header block for a body that is put together by hand."""
    fields = begin(name, subject).as_bytes().rstrip(b"\r\n")
    return fields + b"\r\nMIME-Version: 1.0\r\nContent-Type: " + content_type.encode() + b"\r\n\r\n"
