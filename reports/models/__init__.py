from reports.models.acknowledgement import FlagAcknowledgement
from reports.models.delivery import Delivery
from reports.models.edition import Edition, EditionFile
from reports.models.erratum import Erratum
from reports.models.mail_hold import MailHold
from reports.models.notice import Notice
from reports.models.subscription import ConfirmationMail, Subscription, SubscriptionRegion
from reports.models.trial_mail import TrialMail

__all__ = [
    "ConfirmationMail",
    "Delivery",
    "Edition",
    "EditionFile",
    "Erratum",
    "FlagAcknowledgement",
    "MailHold",
    "Notice",
    "Subscription",
    "SubscriptionRegion",
    "TrialMail",
]
