"""The desk's pages of editions, errata, who gets them, and what became of each mail."""

from reports.admin.acknowledgement import FlagAcknowledgementAdmin
from reports.admin.delivery import DeliveryAdmin, SubscriptionAdmin
from reports.admin.edition import EditionAdmin
from reports.admin.erratum import ErratumAdmin, NoticeAdmin
from reports.admin.mail_hold import MailHoldAdmin

__all__ = [
    "DeliveryAdmin",
    "EditionAdmin",
    "ErratumAdmin",
    "FlagAcknowledgementAdmin",
    "MailHoldAdmin",
    "NoticeAdmin",
    "SubscriptionAdmin",
]
