"""What lists of casualties tell, and the words that stand above it."""

from django.utils.translation import gettext_lazy as _

from intake.kinds.kind import Field
from intake.kinds.shelter_fields import REGION
from intake.kinds.sourced import SOURCE, SOURCE_TYPE
from intake.values import read_choice, read_count, read_day, read_moment, read_name, read_quantity, read_text

_INCIDENT = (
    Field(
        "occurred_at",
        _("when it happened"),
        read_moment,
        words=(
            *(
                "date",
                "incident date",
                "date of incident",
                "when",
                "occurred at",
                "дата",
                "дата происшествия",
                "когда",
            ),
            *("дата события", "дата інциденту", "дата події", "коли"),
        ),
        tags=("#date+occurred", "#date+event", "#date+incident", "#date"),
        is_required=True,
    ),
    Field(
        "region",
        REGION.label,
        REGION.read,
        words=REGION.words,
        tags=REGION.tags,
        is_region=True,
        is_required=True,
    ),
    Field(
        "place",
        _("kind of place"),
        read_choice("incident_place"),
        words=(
            "place",
            "kind of place",
            "place of incident",
            "место",
            "место происшествия",
            "місце",
            "місце події",
        ),
        tags=("#loc+type", "#event+place"),
    ),
    Field(
        "cause",
        _("cause"),
        read_choice("incident_cause"),
        words=("cause", "weapon", "cause of harm", "причина", "чем", "вид обстрела", "чим", "вид зброї"),
        tags=("#cause", "#cause+type", "#event+type"),
    ),
    Field(
        "description",
        _("what happened"),
        read_text,
        words=(
            "description",
            "what happened",
            "circumstances",
            "описание",
            "обстоятельства",
            "опис",
            "обставини",
        ),
        tags=("#event+description", "#description"),
    ),
)
_NUMBERS = (
    Field(
        "people",
        _("people"),
        read_quantity,
        words=("people", "number", "victims", "count", "человек", "число", "сколько", "осіб", "кількість"),
        tags=("#affected", "#affected+num"),
    ),
    Field(
        "people_min",
        _("people, at least"),
        read_count,
        words=("at least", "min", "minimum", "people min", "не менее", "минимум", "щонайменше"),
        tags=("#affected+min",),
    ),
    Field(
        "people_max",
        _("people, at most"),
        read_count,
        words=("at most", "max", "maximum", "people max", "не более", "максимум", "щонайбільше"),
        tags=("#affected+max",),
    ),
)
_VICTIM = (
    Field(
        "outcome",
        _("what happened to them"),
        read_choice("outcome"),
        words=(
            "outcome",
            "status",
            "harm",
            "исход",
            "состояние",
            "что с человеком",
            "наслідок",
            "стан",
            "статус",
        ),
        tags=("#status", "#affected+outcome", "#affected+status", "#event+outcome"),
        is_required=True,
    ),
    *_NUMBERS,
    Field(
        "victim_name",
        _("name"),
        read_name,
        words=(
            "name",
            "victim",
            "victim name",
            "full name",
            "имя",
            "фио",
            "пострадавший",
            "ім'я",
            "піб",
            "постраждалий",
        ),
        tags=("#affected+name",),
    ),
    Field(
        "sex",
        _("sex"),
        read_choice("victim_sex"),
        words=("sex", "gender", "пол", "стать"),
        tags=("#affected+sex",),
    ),
    Field(
        "age",
        _("age"),
        read_choice("victim_age"),
        words=("age", "adult or child", "возраст", "взрослый или ребенок", "вік", "дорослий чи дитина"),
        tags=("#affected+age",),
    ),
    Field(
        "civilian_status",
        _("civilian status"),
        read_choice("civilian_status"),
        words=("civilian status", "civilian", "гражданский статус", "кто", "цивільний статус"),
        tags=("#affected+civilian",),
    ),
    Field(
        "died_on",
        _("died on"),
        read_day,
        words=("died on", "date of death", "дата смерти", "умер", "дата смерті"),
        tags=("#date+death",),
    ),
)
_WORD = (
    SOURCE,
    SOURCE_TYPE,
    Field(
        "said_at",
        _("said on"),
        read_moment,
        words=(
            "said on",
            "date of source",
            "reported on",
            "published",
            "сообщено",
            "дата сообщения",
            "повідомлено",
        ),
        tags=("#date+reported", "#date+published"),
    ),
    Field(
        "note",
        _("note"),
        read_text,
        words=("note", "notes", "comment", "примечание", "комментарий", "примітка"),
        tags=("#meta+notes", "#meta+comments"),
    ),
)
FIELDS = (*_INCIDENT, *_VICTIM, *_WORD)
