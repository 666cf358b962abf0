"""What lists of movements tell, and the words that stand above it."""

from django.utils.translation import gettext_lazy as _

from intake.kinds import who
from intake.kinds.kind import Field
from intake.values import read_cause, read_means, read_moment, read_movement, read_place, read_text

FIELDS = (
    who.NUMBER,
    who.PERSON_REFERENCE,
    who.HOUSEHOLD_REFERENCE,
    Field(
        "kind",
        _("what happened"),
        read_movement,
        words=(
            *(
                "movement",
                "what happened",
                "event",
                "status",
                "step",
                "type of movement",
                "движение",
                "событие",
            ),
            *(
                "что произошло",
                "статус",
                "вид перемещения",
                "переміщення",
                "подія",
                "що сталося",
                "вид переміщення",
            ),
        ),
        tags=("#status", "#event", "#event+type", "#movement+type"),
        is_required=True,
    ),
    Field(
        "occurred_at",
        _("when"),
        read_moment,
        words=(
            *(
                "when",
                "date",
                "movement date",
                "date of movement",
                "moved on",
                "date and time",
                "когда",
                "дата",
            ),
            *(
                "дата перемещения",
                "дата выезда",
                "дата прибытия",
                "дата и время",
                "коли",
                "дата переміщення",
            ),
            *("дата виїзду", "дата прибуття", "дата і час"),
        ),
        tags=("#date", "#date+occurred", "#date+event", "#date+start"),
        is_required=True,
    ),
    Field(
        "origin",
        _("home region"),
        read_text,
        words=(
            *(
                "origin",
                "from",
                "home region",
                "place of origin",
                "home",
                "откуда",
                "место жительства",
                "район выезда",
            ),
            *("звідки", "місце проживання", "район виїзду"),
        ),
        tags=("#loc+origin", "#adm1+origin", "#adm2+origin", "#adm2+origin+code", "#adm1+origin+code"),
        is_region=True,
    ),
    Field(
        "destination",
        _("where they are now"),
        read_text,
        words=(
            *(
                "destination",
                "to",
                "present region",
                "current location",
                "location",
                "arrived in",
                "куда",
            ),
            *(
                "место пребывания",
                "район прибытия",
                "где сейчас",
                "куди",
                "місце перебування",
                "район прибуття",
            ),
        ),
        tags=(
            "#loc+dest",
            "#adm1+dest",
            "#adm2+dest",
            "#adm2+dest+code",
            "#adm1+dest+code",
            "#loc+destination",
        ),
        is_region=True,
    ),
    Field(
        "place",
        _("where they stay"),
        read_place,
        words=(
            *(
                "place",
                "accommodation",
                "housing",
                "where they stay",
                "shelter type",
                "где живут",
                "размещение",
            ),
            *("жилье", "тип жилья", "житло", "розміщення", "тип житла", "де живуть"),
        ),
        tags=("#accommodation", "#loc+type", "#shelter+type"),
    ),
    Field(
        "means",
        _("how they went"),
        read_means,
        words=(
            *(
                "means",
                "transport",
                "how they left",
                "means of transport",
                "как выехали",
                "транспорт",
                "способ выезда",
            ),
            *("як виїхали", "спосіб виїзду"),
        ),
        tags=("#transport", "#transport+type"),
    ),
    Field(
        "cause",
        _("why"),
        read_cause,
        words=(
            *("cause", "reason", "why", "reason for leaving", "причина", "почему", "причина выезда"),
            *("чому", "причина виїзду"),
        ),
        tags=("#cause", "#reason", "#event+cause"),
    ),
)
