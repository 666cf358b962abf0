"""Pages by key: a page costs the same wherever it lies, and nothing is counted."""

from rest_framework.pagination import CursorPagination


class KeysetPagination(CursorPagination):
    """Newest first by the time-ordered key; 100 a page unless asked for fewer or more, up to 500."""

    ordering = "-id"
    page_size_query_param = "page_size"
    max_page_size = 500
