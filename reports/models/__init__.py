from reports.models.acknowledgement import FlagAcknowledgement
from reports.models.delivery import Delivery, Subscription
from reports.models.edition import Edition, EditionFile
from reports.models.erratum import Erratum
from reports.models.mail_hold import MailHold
from reports.models.notice import Notice

__all__ = [
    "Delivery",
    "Edition",
    "EditionFile",
    "Erratum",
    "FlagAcknowledgement",
    "MailHold",
    "Notice",
    "Subscription",
]
