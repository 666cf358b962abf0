"""What lists of shelters tell, and the words that stand above it."""

from django.utils.translation import gettext_lazy as _

from intake.kinds.kind import Field
from intake.values import read_choice, read_count, read_moment, read_name, read_number, read_text, read_yes_no

NAME = Field(
    "name",
    _("shelter"),
    read_name,
    words=(
        *("shelter", "shelter name", "site", "site name", "name", "collective site", "collective centre"),
        *("пвр", "название", "название пвр", "наименование", "наименование пвр", "место размещения"),
        *("назва", "назва мтп", "мтп", "назва закладу", "місце розміщення"),
    ),
    tags=("#loc+name", "#loc+shelter+name", "#shelter+name", "#site+name", "#loc+site", "#loc+shelter"),
    is_required=True,
)
REGION = Field(
    "region",
    _("region"),
    read_text,
    words=(
        *("region", "district", "oblast", "location", "town", "settlement", "where"),
        *("район", "область", "город", "населенный пункт", "регион", "где"),
        *("громада", "місто", "населений пункт", "регіон", "де"),
    ),
    tags=("#adm1+code", "#adm2+code", "#adm1+name", "#adm2+name", "#adm1", "#adm2", "#loc+adm2"),
    is_required=True,
    is_region=True,
)
_COUNTS = (
    Field(
        "places_announced",
        _("places announced"),
        read_count,
        words=("places announced", "announced places", "объявлено мест", "план мест", "заявлено місць"),
        tags=("#capacity+planned", "#capacity+announced"),
    ),
    Field(
        "places_set_up",
        _("places set up"),
        read_count,
        words=(
            "places set up",
            "развернуто мест",
            "подготовлено мест",
            "підготовлено місць",
            "розгорнуто місць",
        ),
        tags=("#capacity+setup",),
    ),
    Field(
        "places_open",
        _("places open"),
        read_count,
        words=(
            *("places open", "places", "beds", "capacity", "number of beds", "total capacity"),
            *("мест", "вместимость", "коек", "количество мест", "число мест", "койко-мест"),
            *("місць", "місткість", "ліжок", "кількість місць"),
        ),
        tags=("#capacity", "#capacity+beds", "#capacity+total", "#capacity+num", "#capacity+people"),
    ),
    Field(
        "places_blocked",
        _("places blocked"),
        read_count,
        words=(
            "places blocked",
            "blocked",
            "unusable places",
            "мест закрыто",
            "непригодно мест",
            "непридатних місць",
        ),
        tags=("#capacity+blocked",),
    ),
    Field(
        "floor_area_m2",
        _("covered floor area, m²"),
        read_count,
        words=(
            "floor area",
            "floor area m2",
            "covered area",
            "area m2",
            "площадь",
            "площадь м2",
            "площа",
            "площа м2",
        ),
        tags=("#capacity+area", "#loc+area"),
    ),
    Field(
        "toilets", _("toilets"), read_count, words=("toilets", "туалетов", "туалеты", "туалетів", "туалети")
    ),
    Field(
        "water_litres_per_day",
        _("water, litres a day"),
        read_count,
        words=("water litres per day", "water litres a day", "воды литров в сутки", "води літрів на добу"),
    ),
)
FIELDS = (
    NAME,
    REGION,
    Field(
        "as_of",
        _("as of"),
        read_moment,
        words=("as of", "date", "status date", "updated", "на дату", "дата", "по состоянию на", "станом на"),
        tags=("#date", "#date+updated", "#date+reported", "#date+start"),
    ),
    Field(
        "phase",
        _("phase"),
        read_choice("phase"),
        words=("phase", "status", "состояние", "статус", "стан"),
        tags=("#status", "#status+site", "#loc+status"),
    ),
    *_COUNTS,
    Field(
        "blocked_reason",
        _("why blocked"),
        read_text,
        words=("blocked reason", "why blocked", "причина закрытия мест", "чому непридатні"),
    ),
    Field(
        "site_type",
        _("type of site"),
        read_choice("site_type"),
        words=("site type", "type", "building", "тип", "тип здания", "тип будівлі", "тип пвр"),
        tags=("#loc+type", "#shelter+type", "#site+type"),
    ),
    Field(
        "address",
        _("address"),
        read_text,
        words=("address", "street", "адрес", "адреса"),
        tags=("#loc+address", "#contact+address", "#geo+address"),
    ),
    Field(
        "latitude",
        _("latitude"),
        read_number,
        words=("latitude", "lat", "широта"),
        tags=("#geo+lat", "#geo+latitude", "#lat_deg"),
    ),
    Field(
        "longitude",
        _("longitude"),
        read_number,
        words=("longitude", "lon", "lng", "long", "долгота", "довгота"),
        tags=("#geo+lon", "#geo+longitude", "#lon_deg", "#geo+long"),
    ),
    Field(
        "is_step_free",
        _("step-free"),
        read_yes_no,
        words=("step free", "step-free", "accessible", "без ступеней", "доступная среда", "безбар'єрний"),
    ),
    Field(
        "organisation",
        _("managing organisation"),
        read_text,
        words=(
            *(
                "organisation",
                "organization",
                "managed by",
                "managing organisation",
                "site manager organisation",
            ),
            *("организация", "кто управляет", "организация-управляющий", "організація", "хто керує"),
        ),
        tags=("#org", "#org+name", "#org+mgr", "#org+manager"),
    ),
    Field(
        "protected_places",
        _("protected places"),
        read_count,
        words=(
            "protected places",
            "places in bomb shelter",
            "мест в убежище",
            "мест в укрытии",
            "місць в укритті",
        ),
        tags=("#capacity+protected",),
    ),
    Field(
        "cover",
        _("kind of cover"),
        read_choice("cover"),
        words=("cover", "kind of cover", "protection", "тип укрытия", "укрытие", "тип укриття", "укриття"),
    ),
)
