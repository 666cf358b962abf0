"""What the desk's templates say in words."""

from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag
def count_in_words(changelist: Any) -> str:
    """How many records a list has: exact up to the reach of its pages, and "more than" past it."""
    count, opts = changelist.result_count, changelist.opts
    paginator = changelist.paginator
    if getattr(paginator, "is_bounded", False):
        return _("More than %(count)s %(records)s: search or filter to find the one you need") % {
            "count": number_format(count - 1, force_grouping=True),
            "records": opts.verbose_name_plural,
        }
    return f"{number_format(count, force_grouping=True)} {opts.verbose_name if count == 1 else opts.verbose_name_plural}"
