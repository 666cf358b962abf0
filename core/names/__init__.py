"""Names as people write them, and the keys under which their spellings meet in whatever alphabet."""

from core.names.folding import father, folded, loose
from core.names.latin import latin
from core.names.search import search_key

__all__ = ["father", "folded", "latin", "loose", "search_key"]
