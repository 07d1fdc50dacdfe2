"""Mails written for these tests, in the shapes that senders use; each knows what must go from it."""

import base64
import email
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage, Message
from email.policy import SMTP

SEND = hashlib.sha1(b"one send to one reader").hexdigest()
SHOP = "https://www.shop.test"
LANDING = f"{SHOP}/landing?article=7"
LOGO = f"{SHOP}/static/logo.png"


def mandrill_open(send: str) -> str:
    """Give the open pixel that Mandrill puts into a mail."""
    return f"https://mandrillapp.com/track/open.php?u=30118&id={send[:32]}"


def mandrill_click(send: str, target: str) -> str:
    """Wrap a link the way Mandrill does: JSON in JSON, in base64url."""
    inner = json.dumps({"u": 30118, "v": 1, "url": target, "id": send[:32], "url_ids": [send]})
    outer = json.dumps({"s": send[:27], "v": 1, "p": inner})
    token = base64.urlsafe_b64encode(outer.encode()).decode().rstrip("=")
    return f"https://mandrillapp.com/track/click/30118/www.shop.test?p={token}"


def mailtrack_open(send: str) -> str:
    """Give the open pixel of Mailtrack."""
    return f"https://mailtrack.io/trace/mail/{send}.png?u=7712345"


def yesware_open(send: str) -> str:
    """Give the open pixel of Yesware."""
    return f"https://t.yesware.com/t/{send}/{send[:32]}/{send[8:]}/spacer.gif"


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail with what is known of it: `gone` are texts that no cleaned part may hold any more."""

    name: str
    raw: bytes
    gone: tuple[str, ...] = ()

    @property
    def message_id(self) -> str:
        """Its Message-ID as written, with brackets."""
        return f"<{self.name}@vendor.test>"


def page(words: str, pixel: str, link: str = LANDING) -> str:
    """Write the HTML of a selling mail: a logo, some words, one link, one pixel."""
    return (
        '<!doctype html>\n<html><head><meta name="viewport" content="width=device-width"></head>\n<body>\n'
        f'<p><img src="{LOGO}" width="160" height="48" alt="Shop"></p>\n<p>{words}</p>\n'
        f'<p><a href="{link}">Look at the new things</a></p>\n'
        f'<img src="{pixel}" width="1" height="1" alt="">\n</body></html>\n'
    )


def begin(name: str, subject: str, sender: str = "Sam Seller <sam@vendor.test>") -> EmailMessage:
    """Start a mail with the headers that all of them have."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = "Reader <reader@mail.test>"
    mail["Subject"] = subject
    mail["Date"] = "Mon, 16 Nov 2026 09:30:00 +0100"
    mail["Message-ID"] = f"<{name}@vendor.test>"
    return mail


def selling_mail(name: str, *, encoding: str, charset: str, words: str, pixel: str) -> Letter:
    """Write a mail of a plain and an HTML part, the latter with one open pixel."""
    mail = begin(name, f"Something new: {name}")
    mail.set_content(f"{words}\n\n{LANDING}\n", charset=charset)
    mail.add_alternative(page(words, pixel), subtype="html", charset=charset, cte=encoding)
    return Letter(name, mail.as_bytes(), (pixel,))


def mail_with_click(name: str) -> Letter:
    """Write a mail whose one link is wrapped, beside the pixel."""
    send = hashlib.sha1(name.encode()).hexdigest()
    link, pixel = mandrill_click(send, LANDING), mandrill_open(send)
    mail = begin(name, "Your invitation")
    mail.set_content(page("You are invited.", pixel, link), subtype="html", cte="quoted-printable")
    return Letter(name, mail.as_bytes(), (pixel, link))


def mail_with_attachment(name: str, size: int) -> Letter:
    """Write a mail with a tracked HTML part, a binary attachment and an attached page that stays as it is."""
    pixel = mailtrack_open(SEND)
    mail = begin(name, "The offer, attached")
    mail.set_content(page("Please find it attached.", pixel), subtype="html", cte="base64")
    noise = hashlib.shake_256(name.encode()).digest(size)
    mail.add_attachment(noise, maintype="application", subtype="octet-stream", filename="offer.bin")
    attached = page("A page of its own.", yesware_open(SEND)).encode()
    mail.add_attachment(attached, maintype="text", subtype="html", filename="page.html")
    return Letter(name, mail.as_bytes(), (pixel,))


def long_mail(name: str, paragraphs: int) -> Letter:
    """Write a mail so long that clients fetch it in windows, its pixel at the very end."""
    words = "</p>\n<p>".join(f"Paragraph {number} of a long story." for number in range(paragraphs))
    return selling_mail(
        name, encoding="quoted-printable", charset="utf-8", words=words, pixel=yesware_open(SEND)
    )


def forwarded_mail(name: str) -> Letter:
    """Write a mail that carries a tracked one within, to be shown in place."""
    inner = selling_mail(
        f"{name}-within", encoding="7bit", charset="us-ascii", words="Hello", pixel=mandrill_open(SEND)
    )
    mail = begin(name, "Fwd: Something new")
    mail.set_content("See below.\n")
    mail.add_attachment(email.message_from_bytes(inner.raw, policy=SMTP), disposition="inline")
    return Letter(name, mail.as_bytes(), inner.gone)


def signed_mail(name: str) -> Letter:
    """Write a mail under a signature, which a change would break: it has a pixel, and keeps it."""
    html = page("Signed and sealed.", mandrill_open(SEND)).replace("\n", "\r\n")
    lines = (
        "From: Sam Seller <sam@vendor.test>",
        "To: reader@mail.test",
        "Subject: Our terms, signed",
        "Date: Mon, 16 Nov 2026 09:30:00 +0100",
        f"Message-ID: <{name}@vendor.test>",
        "MIME-Version: 1.0",
        'Content-Type: multipart/signed; protocol="application/pgp-signature";',
        "\tmicalg=pgp-sha512; boundary=seal",
        "",
        "--seal",
        "Content-Type: text/html; charset=us-ascii",
        "Content-Transfer-Encoding: 7bit",
        "",
        html,
        "--seal",
        'Content-Type: application/pgp-signature; name="signature.asc"',
        "",
        "-----BEGIN PGP SIGNATURE-----",
        "",
        "iHUEARYKAB0WIQQ=",
        "=aBcD",
        "-----END PGP SIGNATURE-----",
        "",
        "--seal--",
        "",
    )
    return Letter(name, "\r\n".join(lines).encode())


def clean_mail(name: str) -> Letter:
    """Write a mail with a picture inside it and nothing to find."""
    mail = begin(name, "Lunch?", sender="Ada Friend <ada@friends.test>")
    mail.set_content("Shall we meet at noon?\n")
    html = '<p>Shall we meet? <img src="cid:map@friends.test" width="200" height="80" alt="map"></p>\n'
    mail.add_alternative(html, subtype="html", cte="quoted-printable")
    picture = hashlib.shake_256(b"map").digest(20_000)
    _, html_part = mail.iter_parts()
    html_part.add_related(picture, maintype="image", subtype="png", cid="<map@friends.test>")
    return Letter(name, mail.as_bytes())


def all_letters(run: str) -> Iterator[Letter]:
    """Give one mail of each kind; `run` makes their names unlike those of any other test."""
    kinds = (
        ("qp", "quoted-printable", "utf-8", "Schöne Grüße = gut", mandrill_open(SEND)),
        ("base64", "base64", "utf-8", "Naïve café — 東京", mailtrack_open(SEND)),
        ("plain", "7bit", "us-ascii", "Only simple letters", yesware_open(SEND)),
        ("latin", "8bit", "iso-8859-1", "Straße, señor", mandrill_open(SEND)),
        ("cyrillic", "base64", "koi8-r", "Добрый день", mailtrack_open(SEND)),
        ("japanese", "7bit", "iso-2022-jp", "こんにちは", yesware_open(SEND)),
        ("qp-windows", "quoted-printable", "windows-1252", "“Quoted” — dashed", yesware_open(SEND)),
    )
    for name, encoding, charset, words, pixel in kinds:
        yield selling_mail(f"{run}-{name}", encoding=encoding, charset=charset, words=words, pixel=pixel)
    yield mail_with_click(f"{run}-click")
    yield mail_with_attachment(f"{run}-attachment", 3_000_000)
    yield long_mail(f"{run}-long", 6_000)
    yield forwarded_mail(f"{run}-forwarded")
    yield signed_mail(f"{run}-signed")
    yield clean_mail(f"{run}-clean")


def shown_texts(raw: bytes) -> str:
    """Give all text that a client would show, decoded, one part after the other."""
    return "\n".join(_text(part) for part in _leaves(raw) if _is_shown(part))


def words_shown(raw: bytes) -> list[str]:
    """Give the words that a reader sees: what the client shows, without tags."""
    return re.sub(r"<[^>]*>", " ", shown_texts(raw)).split()


def attachments(raw: bytes) -> list[bytes]:
    """Give the decoded octets of every part that is no shown text."""
    return [part.get_payload(decode=True) for part in _leaves(raw) if not _is_shown(part)]  # type: ignore[misc]


def _leaves(raw: bytes) -> Iterable[Message]:
    return (part for part in email.message_from_bytes(raw).walk() if not part.is_multipart())


def _is_shown(part: Message) -> bool:
    return part.get_content_maintype() == "text" and part.get_content_disposition() != "attachment"


def _text(part: Message) -> str:
    octets = part.get_payload(decode=True)
    assert isinstance(octets, bytes)
    return octets.decode(part.get_content_charset("us-ascii"), errors="replace")
