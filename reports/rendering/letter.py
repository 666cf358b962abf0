"""What every mail is made of, with charts or without."""

from collections.abc import Mapping
from dataclasses import dataclass

from css_inline import CSSInliner


@dataclass(frozen=True, slots=True)
class MailParts:
    """What delivery makes a message of. `images` are PNG by the Content-ID under which the HTML shows them."""

    subject: str
    text: str
    html: str
    images: Mapping[str, bytes]


def inlined(html: str) -> str:
    """The page with its styles written into the elements: mail programs drop style sheets."""
    inliner = CSSInliner(
        load_remote_stylesheets=False, keep_style_tags=False, keep_at_rules=True, minify_css=True
    )
    return inliner.inline(html)
