"""What lists of people tell, and the words over their columns."""

from collections.abc import Iterator

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from displacement.identity.documents import number_index
from displacement.identity.phones import phone_index
from displacement.models.codes import AgeBand, Sex
from displacement.models.consent import Purpose
from intake.kinds.kind import Field
from intake.values import (
    read_age,
    read_age_band,
    read_cause,
    read_count,
    read_country,
    read_date,
    read_document,
    read_document_kind,
    read_language,
    read_means,
    read_moment,
    read_name,
    read_needs,
    read_phone,
    read_place,
    read_reference,
    read_relationship,
    read_sex,
    read_text,
    read_yes_no,
)


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split("|"))


#: Texts of a moment's column that say who is registered, where and when.
_HOUSEHOLD = (
    Field(
        "household",
        _("household number"),
        read_reference,
        _words(
            "household|household number|household id|hh id|hh_id|family id|family number|token|case number"
            "|семья|номер семьи|№ семьи|домохозяйство|номер домохозяйства|код семьи"
            "|родина|номер родини|№ родини|домогосподарство|номер домогосподарства|код родини"
        ),
        ("#id+household", "#meta+household"),
    ),
    Field(
        "registered_in",
        _("registered in"),
        read_text,
        _words(
            "registered in|place of registration|registration place|место регистрации|зарегистрирован в"
            "|место учета|місце реєстрації|зареєстровано в|місце обліку"
        ),
        ("#loc+registered",),
        is_region=True,
    ),
    Field(
        "registered_on",
        _("registered on"),
        read_moment,
        _words(
            "registered on|submitted at|registration date|date of registration|дата регистрации|дата учета"
            "|дата постановки на учет|дата реєстрації|дата взяття на облік"
        ),
        ("#date+registered",),
    ),
    Field(
        "phone",
        _("telephone"),
        read_phone,
        _words("phone|telephone|phone number|mobile|contact|телефон|номер телефона|тел|тел.|номер телефону"),
        ("#contact+phone",),
        mark=phone_index,
        is_masked=True,
    ),
    Field(
        "language",
        _("preferred language"),
        read_language,
        _words("language|preferred language|язык|язык общения|мова|мова спілкування"),
        ("#meta+lang",),
    ),
    Field(
        "origin",
        _("home region"),
        read_text,
        _words(
            "origin|home region|from|came from|district of origin|place of origin|откуда|откуда прибыл|район проживания"
            "|место жительства|место проживания|район|звідки|звідки прибув|район проживання|місце проживання"
        ),
        ("#adm2+origin", "#adm1+origin", "#loc+origin"),
        is_region=True,
    ),
)
_PERSON = (
    Field(
        "reference",
        _("person's number with the partner"),
        read_reference,
        _words(
            "id|person id|individual id|reference|record id|номер|код|ид|id человека|номер анкеты|ід|номер анкети"
        ),
        ("#id+person", "#id"),
    ),
    Field(
        "full_name",
        _("full name"),
        read_name,
        _words("full name|name|fio|фио|ф.и.о.|фамилия имя отчество|піб|п.і.б.|прізвище ім'я по батькові"),
        ("#name+full", "#name"),
    ),
    Field(
        "family_name",
        _("family name"),
        read_name,
        _words("family name|surname|last name|lastname|фамилия|прізвище"),
        ("#name+family",),
    ),
    Field(
        "given_name",
        _("given name"),
        read_name,
        _words("given name|first name|firstname|forename|имя|ім'я|імʼя|ім’я"),
        ("#name+given",),
    ),
    Field(
        "patronymic",
        _("patronymic"),
        read_name,
        _words("patronymic|middle name|отчество|по батькові|по-батькові"),
        ("#name+patronymic", "#name+middle"),
    ),
    Field("sex", _("sex"), read_sex, _words("sex|gender|пол|стать"), ("#meta+sex", "#indicator+sex")),
    Field(
        "birth_date",
        _("birth date"),
        read_date,
        _words(
            "birth date|date of birth|dob|born|birthday|year of birth|birth year|дата рождения|год рождения|г.р.|д.р."
            "|дата народження|рік народження|р.н."
        ),
        ("#date+birth",),
        is_masked=True,
    ),
    Field("age", _("age"), read_age, _words("age|age in years|возраст|лет|вік|років"), ("#indicator+age",)),
    Field(
        "relationship",
        _("relationship to head"),
        read_relationship,
        _words(
            "relationship|relationship to head|relation|родство|степень родства|кем приходится|кем является"
            "|спорідненість|ступінь споріднення|ким доводиться"
        ),
        ("#meta+relationship",),
    ),
    Field(
        "needs",
        _("specific needs"),
        read_needs,
        _words("needs|specific needs|vulnerability|потребности|особые потребности|потреби|особливі потреби"),
        ("#need", "#meta+need"),
    ),
)
_JOURNEY = (
    Field(
        "left_on",
        _("left home on"),
        read_moment,
        _words(
            "left|left on|date left|departure|departure date|дата выезда|выехал|выехали|дата виїзду|виїхав"
        ),
        ("#date+left", "#date+departure"),
    ),
    Field(
        "arrived_on",
        _("arrived on"),
        read_moment,
        _words("arrived|arrived on|arrival|arrival date|дата прибытия|прибыл|прибыли|дата прибуття|прибув"),
        ("#date+arrived", "#date+arrival"),
    ),
    Field(
        "destination",
        _("present region"),
        read_text,
        _words(
            "destination|present region|current location|current region|where now|куда|куда прибыл|нынешнее место"
            "|где находится|район размещения|куди|куди прибув|теперішнє місце|район розміщення"
        ),
        ("#adm2+destination", "#adm1+destination", "#loc+destination"),
        is_region=True,
    ),
    Field(
        "place",
        _("kind of place"),
        read_place,
        _words(
            "place|accommodation|type of accommodation|lodging|размещение|тип размещения|жилье|житло|розміщення"
        ),
        ("#loc+type",),
    ),
    Field(
        "means",
        _("means"),
        read_means,
        _words("means|transport|how left|транспорт|способ выезда|спосіб виїзду"),
    ),
    Field(
        "cause", _("cause"), read_cause, _words("cause|reason|why left|причина|причина выезда|причина виїзду")
    ),
)
_CONSENTS = tuple(
    Field(f"consent_{purpose.value}", format_lazy("{}: {}", _("consent"), purpose.label), read_yes_no, words)
    for purpose, words in (
        (
            Purpose.SERVICE,
            _words("consent|consent service|согласие|согласие на помощь|згода|згода на допомогу"),
        ),
        (Purpose.PARTNERS, _words("consent partners|consent sharing|согласие партнеры|згода партнери")),
        (Purpose.AUTHORITIES, _words("consent authorities|согласие власти|згода влада")),
        (Purpose.TRACING, _words("consent tracing|согласие розыск|згода розшук")),
    )
)
_COUNT = (
    Field(
        "people",
        _("number of people"),
        read_count,
        _words(
            "people|number of people|household size|family size|hh size|individuals|человек|количество человек|состав семьи"
            "|людей|осіб|кількість осіб|склад родини"
        ),
        ("#affected", "#population", "#affected+i"),
    ),
    Field(
        "age_band", _("age band"), read_age_band, _words("age band|age group|возрастная группа|вікова група")
    ),
)
_ENGLISH = {Sex.FEMALE: ("female", "f"), Sex.MALE: ("male", "m"), Sex.NOT_COLLECTED: ("people", "")}
_RUSSIAN = {Sex.FEMALE: "женщины", Sex.MALE: "мужчины", Sex.NOT_COLLECTED: "люди"}
_UKRAINIAN = {Sex.FEMALE: "жінки", Sex.MALE: "чоловіки", Sex.NOT_COLLECTED: "люди"}


def _bands() -> Iterator[tuple[str, str, Field]]:
    for sex, (word, letter) in _ENGLISH.items():
        for band in AgeBand:
            if band is AgeBand.UNKNOWN and sex is Sex.NOT_COLLECTED:
                continue
            said = "" if band is AgeBand.UNKNOWN else f" {band.value}"
            words = [f"{name}{said}" for name in (word, letter, _RUSSIAN[sex], _UKRAINIAN[sex]) if name]
            field = Field(
                f"{sex.value}_{band.value}",
                format_lazy("{}, {}", sex.label, band.label),
                read_count,
                tuple(words),
            )
            yield sex.value, band.value, field


#: (sex, age band, field): one column for each group of a household that is only counted.
BANDS = tuple(_bands())
#: At the end, where rows of people without a document are cut off.
_DOCUMENT = (
    Field(
        "document_number",
        _("number of an identity document"),
        read_document,
        _words(
            "document number|document no|id number|id document|passport number|passport no|passport|identity document"
            "|номер документа|паспорт|номер паспорта|серия и номер паспорта|серия и номер документа|документ"
            "|номер документу|серія та номер паспорта|серія і номер паспорта|серія та номер документа"
        ),
        ("#id+document",),
        mark=number_index,
        is_masked=True,
    ),
    Field(
        "document_kind",
        _("kind of the identity document"),
        read_document_kind,
        _words(
            "document type|type of document|id type|вид документа|тип документа|вид документу|тип документу"
        ),
        ("#id+document+type",),
    ),
    Field(
        "document_country",
        _("country that issued the document"),
        read_country,
        _words(
            "country of issue|issuing country|document country|страна выдачи|кем выдан|країна видачі|ким видано"
        ),
        ("#country+document",),
    ),
)
FIELDS = (
    *_HOUSEHOLD,
    *_PERSON,
    *_JOURNEY,
    *_CONSENTS,
    *_COUNT,
    *(field for _sex, _band, field in BANDS),
    *_DOCUMENT,
)
