"""Text as COPY reads it: a list of texts costs one join here, where the driver would build it element by element."""

import re
from collections.abc import Sequence

_SPECIAL = re.compile(r'["\\\n\r\t\v\b\f]')
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v", "\b": "\\b", "\f": "\\f"}
_SEPARATOR = "\x1f"


def array(texts: Sequence[str]) -> str:
    """An array of texts as a field of a COPY in text format."""
    if not texts:
        return "{}"
    joined = _SEPARATOR.join(texts)
    if _SPECIAL.search(joined) or joined.count(_SEPARATOR) >= len(texts):
        quoted = ['"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' for text in texts]
        return _SPECIAL.sub(_escaped, "{" + ",".join(quoted) + "}")
    return '{"' + joined.replace(_SEPARATOR, '","') + '"}'


def _escaped(found: re.Match[str]) -> str:
    """What COPY takes apart before the array is read; quotes mean nothing to it."""
    return _ESCAPES.get(found.group(), found.group())
