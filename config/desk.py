"""The desk: Django's admin as our staff see it."""

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class Desk(AdminSite):
    """The site under `/` where staff work."""

    site_header = _("Musterpoint")
    site_title = _("Musterpoint")
    index_title = _("Desk")
