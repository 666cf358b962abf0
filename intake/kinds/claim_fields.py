"""What lists of claims tell, one number a row or one column for each indicator, and the words that stand above it."""

from django.utils.translation import gettext_lazy as _

from displacement.models.claim import ClaimIndicator, Credibility, Reliability
from intake.kinds.kind import Field
from intake.kinds.shelter_fields import REGION
from intake.kinds.sourced import SOURCE, SOURCE_TYPE
from intake.values import BadValue, read_choice, read_count, read_moment, read_quantity, read_text
from intake.values.reading import Reading
from intake.values.words import VOCABULARIES


def _read_letter(text: str, reading: Reading) -> str:
    """A letter of the Admiralty scale for a source, A to F."""
    return _one_of(text, reading, Reliability.values)


def _read_digit(text: str, reading: Reading) -> str:
    """A digit of the Admiralty scale for a piece of information, 1 to 6."""
    return _one_of(text, reading, Credibility.values)


def _one_of(text: str, reading: Reading, codes: list[str]) -> str:
    letter = read_text(text, reading).strip().upper()[:1]
    if letter and letter not in codes:
        raise BadValue("admiralty")
    return letter


#: HXL tags under which files of figures give each indicator, a column each.
_TAGS: dict[ClaimIndicator, tuple[str, ...]] = {
    ClaimIndicator.PEOPLE_TO_EVACUATE: (
        "#inneed+evacuation",
        "#affected+toevacuate",
        "#population+toevacuate",
    ),
    ClaimIndicator.EVACUATED: (
        "#affected+displaced",
        "#affected+evacuated",
        "#affected+idps",
        "#population+idps",
    ),
    ClaimIndicator.EVACUATED_24H: ("#affected+evacuated+last24h", "#affected+displaced+last24h"),
    ClaimIndicator.EVACUATED_ORGANISED: ("#affected+evacuated+organised",),
    ClaimIndicator.LEFT_OWN_MEANS: ("#affected+evacuated+ownmeans",),
    ClaimIndicator.REMAINING: ("#population+remaining", "#affected+remaining"),
    ClaimIndicator.SHELTERED: (
        "#affected+sheltered",
        "#reached+shelter",
        "#affected+shelter",
        "#affected+in_shelter",
    ),
    ClaimIndicator.SITES_OPEN: ("#indicator+sites", "#loc+shelter+num", "#capacity+sites"),
    ClaimIndicator.PLACES_TOTAL: ("#capacity+places", "#capacity+beds", "#capacity+shelter"),
    ClaimIndicator.PLACES_RESERVE: ("#capacity+reserve",),
    ClaimIndicator.KILLED: ("#affected+killed", "#affected+dead", "#affected+deaths"),
    ClaimIndicator.INJURED: ("#affected+injured", "#affected+wounded"),
    ClaimIndicator.HOSPITALISED: ("#affected+hospitalised", "#affected+hospitalized"),
    ClaimIndicator.UNKNOWN_FATE: ("#affected+fate_unknown", "#affected+unknownfate"),
    ClaimIndicator.MISSING_PERSONS: ("#affected+missing",),
    ClaimIndicator.MISSING_REQUESTS: ("#affected+missing+requests", "#inneed+tracing"),
    ClaimIndicator.AID_APPLICANTS: ("#inneed+applicants", "#affected+applicants"),
    ClaimIndicator.CONTACT_LOST: ("#loc+contactlost", "#affected+settlements"),
}


def _words_of(code: str) -> tuple[str, ...]:
    return tuple(word for word, meant in VOCABULARIES["indicator"].items() if meant == code)


#: A column for each indicator: then one row makes several claims.
SPREAD = tuple(
    Field(code.value, code.label, read_quantity, words=_words_of(code.value), tags=_TAGS[code])
    for code in ClaimIndicator
)
_DATES = (
    Field(
        "as_of",
        _("as of"),
        read_moment,
        words=("as of", "as_of", "at", "date", "на дату", "по состоянию на", "дата", "станом на"),
        tags=("#date+start", "#date+asof", "#date+occurred", "#date"),
        is_required=True,
    ),
    Field(
        "published_at",
        _("published"),
        read_moment,
        words=(
            *("published", "published on", "published_on", "publication date", "reported on", "опубликовано"),
            *("дата публикации", "опубліковано", "дата публікації"),
        ),
        tags=("#date+published", "#date+reported", "#date+publication"),
    ),
    Field(
        "period_start",
        _("counted from"),
        read_moment,
        words=("period start", "counted from", "since", "с даты", "начало периода", "початок періоду"),
        tags=("#date+period+start",),
    ),
)
_NUMBER = (
    Field(
        "indicator",
        _("indicator"),
        read_choice("indicator"),
        words=("indicator", "what", "показатель", "что", "показник", "що"),
        tags=("#indicator", "#indicator+name", "#indicator+code"),
    ),
    Field(
        "value",
        _("value"),
        read_quantity,
        words=(
            "value",
            "number",
            "figure",
            "people",
            "значение",
            "число",
            "количество",
            "значення",
            "кількість",
        ),
        tags=("#indicator+value", "#indicator+num", "#value", "#affected", "#affected+num"),
    ),
    Field(
        "value_min",
        _("at least"),
        read_count,
        words=("value min", "minimum", "from", "min", "минимум", "мінімум"),
        tags=("#indicator+min", "#affected+min"),
    ),
    Field(
        "value_max",
        _("at most"),
        read_count,
        words=("value max", "maximum", "max", "максимум"),
        tags=("#indicator+max", "#affected+max"),
    ),
    Field(
        "qualifier",
        _("how exactly"),
        read_choice("claim_qualifier"),
        words=("qualifier", "how exactly", "precision", "точность", "точність"),
    ),
    Field(
        "kind",
        _("at a moment or over a period"),
        read_choice("claim_kind"),
        words=("kind", "stock or flow", "тип показателя", "тип показника"),
    ),
    Field(
        "unit",
        _("unit"),
        read_choice("claim_unit"),
        words=("unit", "unit of measure", "единица", "одиниця"),
        tags=("#indicator+unit", "#item+unit"),
    ),
    Field(
        "children",
        _("of which children"),
        read_count,
        words=(
            "of which children",
            "of_which_children",
            "children",
            "из них детей",
            "в том числе детей",
            "з них дітей",
        ),
        tags=("#affected+children",),
    ),
    Field(
        "scope",
        _("who or what is counted"),
        read_text,
        words=("scope", "population scope", "population_scope", "охват", "охоплення"),
        tags=("#population+scope",),
    ),
)
_WORDS = (
    Field(
        "quote",
        _("words used"),
        read_text,
        words=("quote", "words", "цитата", "слова"),
        tags=("#description+quote", "#meta+quote"),
    ),
    Field(
        "url",
        _("where it was said"),
        read_text,
        words=("url", "link", "ссылка", "посилання"),
        tags=("#meta+url", "#source+url"),
    ),
    Field(
        "reliability",
        _("reliability of the source"),
        _read_letter,
        words=("reliability", "надежность", "надійність"),
    ),
    Field(
        "credibility", _("credibility"), _read_digit, words=("credibility", "достоверность", "достовірність")
    ),
    Field(
        "note",
        _("note"),
        read_text,
        words=("note", "notes", "comment", "примечание", "комментарий", "примітка"),
        tags=("#meta+notes", "#meta+comments"),
    ),
)
_REGIONS = (
    Field(
        "region",
        REGION.label,
        REGION.read,
        words=(
            *REGION.words,
            "region code",
            "region_code",
            "pcode",
            "adm2 pcode",
            "код региона",
            "код регіону",
        ),
        tags=("#adm2+code", "#adm2+name", "#adm2", "#adm3+code", "#adm3+name", "#loc+name", "#loc+code"),
        is_region=True,
    ),
    Field(
        "region_above",
        _("region above, where the first is blank"),
        REGION.read,
        words=("oblast", "adm1", "adm1 pcode", "region above", "область"),
        tags=("#adm1+code", "#adm1+name", "#adm1", "#country+code"),
        is_region=True,
    ),
)
FIELDS = (*_REGIONS, *_DATES, SOURCE, SOURCE_TYPE, *_NUMBER, *_WORDS, *SPREAD)
