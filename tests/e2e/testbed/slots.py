"""One small mail for each place from which a client can be made to call home.

`URL` in a slot stands for an address of the reader's choice: `plain` looks like a file that everybody gets,
`tracking` like a vendor's open pixel. `shows` is what the reader would see of it.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from urllib.parse import quote


class Shows(Enum):
    """What a reader sees of the load."""

    PICTURE = "picture"
    NOTHING = "nothing"
    NEVER = "never"
    """No client loads it by itself."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place, with an HTML text in which `URL` stands there; `kind` is the kind of its finding."""

    name: str
    html: str
    shows: Shows
    kind: str = "open"

    def plain(self, root: str) -> str:
        """Give the address of a file that says nothing of the reader."""
        return f"{root}/files/{self.name}.png"

    def tracking(self, root: str) -> str:
        """Give an address with the shape of a vendor's open pixel (Ahoy's, which any host may have)."""
        return f"{root}/ahoy/messages/{hashlib.sha1(self.name.encode()).hexdigest()}/open.gif"

    def page(self, url: str) -> str:
        """Write the HTML text."""
        base, _, path = url.partition("//")[2].partition("/")
        places = {
            "SELF": self.name,
            "QUOTED": quote(url, safe=""),
            "BASE": f"http://{base}/",
            "PATH": path,
            "URL": url,
        }
        html = self.html
        for place, value in places.items():
            html = html.replace(place, value)
        return html

    def path(self, url: str) -> str:
        """Give the end of the address, which the text holds wherever it holds the address."""
        return (
            url.rpartition("/")[2]
            if self.name in {"iframe-data", "css-import-data"}
            else url.split("/", 3)[3]
        )

    def mail(self, url: str) -> bytes:
        """Write the mail."""
        return write_mail(self.name, self.page(url))


def write_mail(name: str, html: str, content_type: str = "text/html") -> bytes:
    """Write a mail of one part."""
    return (
        f"From: Sam Seller <sam@vendor.test>\r\nTo: reader@mail.test\r\nSubject: {name}\r\n"
        f"Date: Mon, 16 Nov 2026 09:30:00 +0100\r\nMessage-ID: <{name}@vendor.test>\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: {content_type}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{html}\r\n"
    ).encode()


_BOX = "width:200px;height:50px;display:block"
_ALPHA = "filter:progid:DXImageTransform.Microsoft.AlphaImageLoader"
_VML = 'xmlns:v="urn:schemas-microsoft-com:vml"'

_PICTURES = {
    "img-src": '<img src="URL" width="200" height="50" alt="x">',
    "img-src-single-quotes": "<img alt=x src='URL' width=200>",
    "img-src-bare": "<img alt=x src=URL width=200>",
    "img-srcset": '<img alt="x" width="200" srcset="URL 1x">',
    "img-srcset-of-two": '<img alt="x" width="200" srcset="cid:one 3x, URL 1x, cid:three 2x">',
    "img-lowsrc": '<img alt="x" src="cid:one" lowsrc="URL">',
    "img-dynsrc": '<img alt="x" src="cid:one" dynsrc="URL">',
    "picture-source": '<picture><source srcset="URL"><img src="cid:one" alt="x"></picture>',
    "image-tag": '<image src="URL" width="200">',
    "input-image": '<form><input type="image" src="URL" alt="send"></form>',
    "body-background": '<html><head></head><body background="URL"><p>text</p></body></html>',
    "table-background": '<table background="URL"><tr><td>text</td></tr></table>',
    "td-background": "<table><tr><td background=URL>text</td></tr></table>",
    "th-background": "<table><tr><th background='URL'>text</th></tr></table>",
    "video-poster": '<video poster="URL" width="200" height="90"></video>',
    "svg-image": '<svg width="200" height="50"><image href="URL" width="200" height="50"/></svg>',
    "svg-image-xlink": '<svg width="200" height="50"><image xlink:href="URL" width="9" height="9"/></svg>',
    "css-background": f'<div style="{_BOX};background:url(URL)">text</div>',
    "css-background-single-quotes": f"<div style='{_BOX};background:url(\"URL\") no-repeat'>text</div>",
    "css-background-bare": "<div style=background:url(URL);height:50px>text</div>",
    "css-background-image": f"<div style=\"{_BOX};background-image:url('URL'),none\">text</div>",
    "css-list-style": '<ul><li style="list-style-image:url(URL)">text</li></ul>',
    "css-content": "<style>.a::before{content:url(URL) 'x'}</style><p class=a>text</p>",
    "css-border-image": f'<div style="{_BOX};border:9px solid;border-image:url(URL) 9">text</div>',
    "css-mask": f'<div style="{_BOX};background:red;-webkit-mask-image:url(URL);mask-image:url(URL)">t</div>',
    "css-image-set": f"<div style=\"{_BOX};background:image-set('URL' 1x)\">text</div>",
    "css-image-set-url": f'<div style="{_BOX};background:-webkit-image-set(url(URL) 1x)">text</div>',
    "css-variable": "<style>:root{--p:url(URL)}.SELF{background:var(--p)}</style><p class=SELF>text</p>",
    "css-escapes": r"<style>.SELF{background:\75\72\6c(URL)}</style><p class=SELF>text</p>",
    "css-comment": "<style>.SELF{/*}*/background:/*;*/url(URL)/*}*/}</style><p class=SELF>text</p>",
    "css-unclosed": "<p class=SELF>text</p><style>.SELF{background:url(URL",
    "css-sheet": "<style>@media screen{.SELF{background:url(URL)}}</style><p class=SELF>text</p>",
    "conditional-comment": '<!--[if mso]><img src="URL" width="200" alt="x"><![endif]--><p>text</p>',
    "conditional-before-html": '<!--[if mso]><img src="URL"><![endif]--><html><body>text</body></html>',
    "vml-fill": f'<!--[if mso]><v:rect {_VML}><v:fill type="frame" src="URL"/></v:rect><![endif]-->text',
    "vml-imagedata": f'<!--[if vml]><v:shape {_VML}><v:imagedata src="URL"/></v:shape><![endif]-->text',
    "noscript": '<noscript><img src="URL" width="200" alt="x"></noscript>',
    "template": '<template><img src="URL" width="200" alt="x"></template>',
    "in-svg": '<svg><title><img src="URL"></title></svg>',
    "in-math": '<math><mtext><img src="URL" alt="x"></mtext></math>',
    "iframe-srcdoc": '<iframe srcdoc="<img src=URL alt=x width=200>"></iframe>',
    "iframe-srcdoc-quoted": '<iframe srcdoc=\'<td>&lt;img alt="a" src="URL"&gt;\'></iframe>',
    "iframe-srcdoc-style": "<iframe srcdoc=\"<p style='background:url(URL)'>text</p>\"></iframe>",
    "iframe-data": '<iframe src="data:text/html,<img src=QUOTED>"></iframe>',
    "amp-img": '<amp-img src="URL" width="200" height="50"></amp-img>',
    "amp-anim-srcset": '<amp-anim srcset="cid:one 2x, URL 1x" width="200" height="50"></amp-anim>',
    "math-glyph": '<math><mi><mglyph src="URL" alt="x"></mglyph></mi></math>',
    "math-altimg": '<math altimg="URL"><mi>x</mi></math>',
    "math-background": '<math background="URL"><mi>x</mi></math>',
    "svg-prefixed": '<s:svg xmlns:s="http://www.w3.org/2000/svg"><s:image href="URL" width="9"/></s:svg>',
    "svg-other-prefix": '<svg xmlns:k="http://www.w3.org/1999/xlink"><image k:href="URL" width="9"/></svg>',
    "html-prefixed": '<h:img xmlns:h="http://www.w3.org/1999/xhtml" alt="x" srcset="URL 1x"/>',
    "option": '<select><option><img src="URL" alt="x"></option></select>',
    "model-poster": '<model poster="URL"></model>',
    "amp-video-poster": '<amp-video poster="URL" width="9" height="9"></amp-video>',
    "css-cross-fade": f'<div style="{_BOX};background:cross-fade(url(URL) 50%,red)">text</div>',
    "base-and-relative": '<html><head><base href="BASE"></head><body><img src="PATH" alt="x"></body></html>',
}

_NOTHING = {
    "script": '<script src="URL"></script>',
    "script-in-svg": '<svg><script href="URL"></script></svg>',
    "link-stylesheet": '<link rel="stylesheet" href="URL">',
    "link-stylesheet-in-body": "<body><p>text</p><link href=URL rel=stylesheet></body>",
    "link-alternate-stylesheet": '<link rel="alternate stylesheet" href="URL" title="t">',
    "link-icon": '<link rel="shortcut icon" href="URL">',
    "link-search": '<link rel="search" href="URL" type="application/opensearchdescription+xml">',
    "link-feed": '<link rel="alternate" href="URL" type="application/rss+xml">',
    "link-manifest": '<link rel="manifest" href="URL">',
    "link-import": '<link rel="import" href="URL">',
    "html-manifest": '<html manifest="URL"><body>text</body></html>',
    "meta-refresh": '<meta http-equiv="refresh" content="0;url=URL">',
    "iframe": '<iframe src="URL" width="200" height="50"></iframe>',
    "iframe-bare": "<iframe src=URL title=t></iframe>",
    "iframe-in-srcdoc-bare": '<iframe srcdoc="<iframe src=URL title=t></iframe>"></iframe>',
    "frame": '<html><frameset cols="*"><frame src="URL"></frameset></html>',
    "portal": '<portal src="URL"></portal>',
    "embed": '<embed src="URL" type="text/html">',
    "object": '<object data="URL" type="text/html"></object>',
    "object-codebase": '<object codebase="URL" classid="java:a.class"></object>',
    "applet": '<applet code="a.class" codebase="URL"></applet>',
    "audio": '<audio src="URL" autoplay></audio>',
    "video": '<video src="URL" autoplay muted></video>',
    "video-source": '<video autoplay muted><source src="URL"></video>',
    "track": '<video src="data:,"><track default src="URL"></video>',
    "bgsound": '<bgsound src="URL">',
    "svg-use": '<svg><use href="URL#a"/></svg>',
    "svg-feimage": "<svg><filter id=f><feImage href='URL'/></filter><rect filter='url(#f)'/></svg>",
    "svg-fill": '<svg><rect width="9" height="9" fill="url(URL#a)"/></svg>',
    "svg-set": '<svg><image width="9" height="9"><set attributeName="href" to="URL"/></image></svg>',
    "svg-animate": (
        '<svg><image><animate attributeName="href" values="data:,; URL ;data:," dur="1s"/></image></svg>'
    ),
    "svg-animate-from": (
        '<svg><image><animate attributeName="xlink:href" from="URL" to="data:," dur="1s"/></image></svg>'
    ),
    "svg-set-mask": '<svg><rect width="9" height="9"><set attributeName="mask" to="url(URL)"/></rect></svg>',
    "svg-set-filter": '<svg><rect width="9"><set attributeName="filter" to="url(URL#f)"/></rect></svg>',
    "svg-gradient": '<svg><linearGradient id="g" href="URL#a"/></svg>',
    "svg-pattern": '<svg><pattern id="p" xlink:href="URL#a"/></svg>',
    "svg-filter": '<svg><filter id="q" xlink:href="URL#a"/></svg>',
    "svg-text-path": '<svg><text><textPath href="URL#a">text</textPath></text></svg>',
    "svg-motion-path": '<svg><animateMotion><mpath href="URL#a"/></animateMotion></svg>',
    "svg-cursor": '<svg><cursor id="c" xlink:href="URL"/></svg>',
    "svg-font": '<svg><font-face-src><font-face-uri xlink:href="URL"/></font-face-src></svg>',
    "svg-style-prefixed": '<s:svg xmlns:s="http://www.w3.org/2000/svg"><s:style>@import "URL"</s:style>',
    "math-annotation": '<math><semantics><mi>x</mi><annotation src="URL"></annotation></semantics></math>',
    "math-annotation-xml": '<math><semantics><annotation-xml src="URL"/></semantics></math>',
    "model": '<model src="URL"></model>',
    "fenced-frame": '<fencedframe src="URL"></fencedframe>',
    "layer": '<layer src="URL"></layer>',
    "xml-island": '<xml src="URL"></xml>',
    "menu-icon": '<menu><menuitem icon="URL"></menuitem></menu>',
    "amp-state": '<amp-state id="s" src="URL"></amp-state>',
    "amp-video": '<amp-video src="URL" width="9" height="9"></amp-video>',
    "amp-iframe": '<amp-iframe src="URL" width="9" height="9"></amp-iframe>',
    "css-import": "<style>@import 'URL';.SELF{color:red}</style><p class=SELF>text</p>",
    "css-import-url": '<style>@import url("URL") screen;</style><p>text</p>',
    "css-import-escaped": r"<style>@\69mport url(URL)</style><p>text</p>",
    "css-import-data": "<link rel=stylesheet href=\"data:text/css,@import 'QUOTED';\">",
    "css-font": "<style>@font-face{font-family:f;src:url(URL)}p{font-family:f}</style><p>text</p>",
    "css-property": (
        "<style>@property --SELF{syntax:'<image>';inherits:false;initial-value:url(URL)}</style><p>text</p>"
    ),
    "css-counter-style": "<style>@counter-style SELF{system:cyclic;symbols:url(URL)}</style><p>text</p>",
    "css-cursor": '<p style="cursor:url(URL),auto">text</p>',
    "css-filter": f'<div style="{_BOX};filter:url(URL#f)">text</div>',
    "css-clip-path": f'<div style="{_BOX};clip-path:url(URL#f)">text</div>',
    "css-shape-outside": f'<div style="{_BOX};float:left;shape-outside:url(URL)">text</div>',
    "css-behavior": '<p style="behavior:url(URL)">text</p>',
    "css-binding": '<p style="-moz-binding:url(URL#b)">text</p>',
    "css-alpha-loader": f"<p style=\"{_ALPHA}(src='URL')\">text</p>",
    "anchor-ping": '<a href="https://www.shop.test/" ping="URL">shop</a>',
    "anchor-pings": '<a href="https://www.shop.test/" ping="URL URL?2">shop</a>',
    "attribution": '<img src="cid:one" alt="x" attributionsrc="URL">',
    "amp-pixel": '<amp-pixel src="URL"></amp-pixel>',
    "amp-list": '<amp-list src="URL" width="9" height="9"></amp-list>',
}

_AHEAD = {
    "prefetch": '<link rel="prefetch" href="URL">',
    "prerender": '<link rel="prerender" href="URL">',
    "preload": '<link rel="preload" as="image" href="URL">',
    "preload-imagesrcset": '<link rel="preload" as="image" imagesrcset="URL 1x">',
    "modulepreload": '<link rel="modulepreload" href="URL">',
    "preconnect": '<link rel="preconnect" href="URL">',
    "dns-prefetch": '<link rel="dns-prefetch" href="URL">',
    "compression-dictionary": '<link rel="compression-dictionary" href="URL">',
}

_NEVER = {
    "img-longdesc": '<img src="cid:one" alt="x" longdesc="URL">',
    "embed-pluginspage": '<embed src="cid:one" pluginspage="URL">',
}


def _table(texts: Mapping[str, str], shows: Shows, kind: str = "open") -> list[Slot]:
    return [Slot(name, html, shows, kind) for name, html in texts.items()]


SLOTS = [
    *_table(_PICTURES, Shows.PICTURE),
    *_table(_NOTHING, Shows.NOTHING),
    *_table(_AHEAD, Shows.NOTHING, "prefetch"),
    *_table(_NEVER, Shows.NEVER),
]

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
METHOD:REQUEST
PRODID:-//vendor.test//EN
BEGIN:VEVENT
UID:1@vendor.test
DTSTART:20301116T093000Z
DTEND:20301116T103000Z
SUMMARY:Demonstration
DESCRIPTION:See
ATTACH:ATTACHED
IMAGE;VALUE=URI:IMAGED
X-ALT-DESC;FMTTYPE=text/html:<p>See</p><img src="DESCRIBED" alt="x">
END:VEVENT
END:VCALENDAR
"""


def all_places(subject: str, root: str) -> bytes:
    """Write one mail that holds every slot, and an inline mail, an SVG picture and an invitation besides."""
    last = [slot for slot in SLOTS if slot.name == "css-unclosed"]  # it swallows what follows
    slots = [slot for slot in SLOTS if slot not in last] + last
    calendar = CALENDAR
    for word in ("ATTACHED", "IMAGED", "DESCRIBED"):
        calendar = calendar.replace(word, f"{root}/files/calendar-{word.lower()}.png")
    svg = f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{root}/files/part-svg.png"/></svg>'
    nested = write_mail(
        "nested", f'<p>within</p><img src="{root}/files/part-nested.png" width="200" alt="x">'
    )
    parts = (
        ("text/html; charset=utf-8", "<hr>\n".join(slot.page(slot.plain(root)) for slot in slots).encode()),
        ("image/svg+xml", svg.encode()),
        ("message/rfc822", nested),
        ("text/calendar; method=REQUEST", calendar.replace("\n", "\r\n").encode()),
    )
    body = b"".join(
        f"--b\r\nContent-Type: {kind}\r\nContent-Disposition: inline\r\n\r\n".encode() + octets + b"\r\n"
        for kind, octets in parts
    )
    head = (
        f"From: Sam Seller <sam@vendor.test>\r\nTo: reader@mail.test\r\nSubject: {subject}\r\n"
        f"Date: Mon, 16 Nov 2026 09:30:00 +0100\r\nMessage-ID: <{subject}@vendor.test>\r\n"
        "MIME-Version: 1.0\r\nDisposition-Notification-To: sam@vendor.test\r\n"
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    )
    return head.encode() + body + b"--b--\r\n"


FIRE_IN_THUNDERBIRD = frozenset(
    (
        *("img-src", "img-srcset", "image-tag", "picture-source", "input-image", "video-poster", "svg-image"),
        *("body-background", "table-background", "td-background", "css-background", "css-list-style"),
        *("css-content", "css-border-image", "css-image-set", "css-mask", "css-font", "css-shape-outside"),
        *("link-stylesheet", "iframe", "embed", "object", "audio", "video", "preload", "part-nested"),
    )
)
"""Places of which it was seen that the client calls from them: if one is silent, the test hears nothing."""

FIRE_IN_CHROMIUM = frozenset(
    (
        *("img-src", "img-srcset", "image-tag", "picture-source", "input-image", "video-poster", "svg-image"),
        *("body-background", "table-background", "td-background", "th-background", "in-svg", "in-math"),
        *("css-background", "css-background-bare", "css-background-image", "css-list-style", "css-content"),
        *(
            "css-border-image",
            "css-mask",
            "css-image-set",
            "css-image-set-url",
            "css-variable",
            "css-escapes",
        ),
        *("css-comment", "css-unclosed", "css-sheet", "base-and-relative", "iframe-data"),
        *("iframe-srcdoc", "iframe-srcdoc-quoted", "iframe-srcdoc-style", "iframe-in-srcdoc-bare"),
        *("script", "script-in-svg", "link-stylesheet", "link-stylesheet-in-body", "iframe", "iframe-bare"),
        *("frame", "embed", "object", "audio", "video", "video-source", "meta-refresh", "svg-feimage"),
        *("css-import", "css-import-url", "css-import-escaped", "css-import-data", "css-font"),
        *("svg-set", "svg-set-mask", "option", "compression-dictionary"),
        *("css-shape-outside", "css-clip-path", "prefetch", "preload", "preload-imagesrcset"),
        "modulepreload",
    )
)
"""The same of a browser."""
