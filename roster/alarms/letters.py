"""What is written about an alarm: whose readings by id, what was unusual in one sentence, and where to answer it."""

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from roster.models import Alarm, AlarmNotice, AlarmRule

SENTENCES: dict[str, Promise] = {
    AlarmRule.MUCH_MORE: gettext_lazy(
        "They were shown %(counted)d records in a day, and %(usual)d are usual for them."
    ),
    AlarmRule.REFUSED: gettext_lazy(
        "They asked for %(counted)d records one after another that are not theirs to see."
    ),
    AlarmRule.HOUR: gettext_lazy(
        "They were shown %(counted)d records within an hour at which they never worked in the last two weeks."
    ),
    AlarmRule.SWEEP: gettext_lazy("They went through %(counted)d pages of a list one after another."),
    AlarmRule.HONEY: gettext_lazy(
        "They opened or changed honey records, which nobody has a reason to open, %(counted)d times. They were signed out."
    ),
    AlarmRule.SYSTEM: gettext_lazy(
        "A partner's system was given %(counted)d records in a day, and %(usual)d on the busiest day of the two weeks before. "
        "Its secret may be in other hands: make a new one where nobody explains it, and let the former one end at once."
    ),
    AlarmRule.DOOR: gettext_lazy(
        "They looked up %(counted)d times at the door who is known to others, and registered %(usual)d families."
    ),
}


def sentence(alarm: Alarm) -> str:
    """What was unusual, with its numbers."""
    return str(SENTENCES[alarm.rule]) % {"counted": alarm.counted, "usual": alarm.usual}


def alarm_letter(notice: AlarmNotice) -> tuple[str, str]:
    """Subject and text of the mail, in the active language: ids and numbers, no name and no record of anybody."""
    alarm = notice.alarm
    values = {
        "organisation": alarm.organisation.short_name,
        "user": alarm.about_id,
        "sentence": sentence(alarm),
        "url": f"{settings.SITE_URL}/roster/alarm/{alarm.pk}/change/",
    }
    subject = _("Unusual reading of people at %(organisation)s") % values
    body = _(
        "Somebody read records of people otherwise than they use to.\nWho: user %(user)s.\n%(sentence)s\n\n"
        "Ask them what the work was, not by mail: the account may be in other hands. Then say whether that explains it:\n"
        "%(url)s\n"
    )
    return subject, body % values
