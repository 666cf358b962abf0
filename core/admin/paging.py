"""Pages of long lists without counting them."""

from functools import cached_property

from django.core.paginator import Paginator
from django.db.models import QuerySet

#: Nobody pages further: past this, a search or a filter is what finds a record.
REACH = 10_000


class BoundedPaginator(Paginator):  # type: ignore[type-arg]  # not subscriptable at run time
    """Counts no further than REACH rows, so that a list of a million costs what one of ten thousand does."""

    @cached_property
    def count(self) -> int:
        """How many rows there are, or REACH where there are more. One query."""
        rows = self.object_list
        if not isinstance(rows, QuerySet):
            return len(rows)
        return rows.order_by()[: REACH + 1].count() if not self._is_sliced(rows) else rows.count()

    @property
    def is_bounded(self) -> bool:
        """Whether there are more rows than the count says."""
        return self.count > REACH

    @staticmethod
    def _is_sliced(rows: QuerySet) -> bool:  # type: ignore[type-arg]
        return rows.query.is_sliced
