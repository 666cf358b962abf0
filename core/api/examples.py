"""Examples for the documentation: one invented world in which every field of the API has its value."""

from typing import Any

from rest_framework import serializers

_ID = "01917e2b-5c00-7a3e-9d2f-0242ac120002"
_ACTOR = "01917d00-1111-7000-8000-00000000000a"
#: What a field of this name holds, wherever it occurs. All people and organisations are invented.
_VALUES: dict[str, Any] = {
    "id": _ID,
    "number": "7K2M-QX4D",
    "organisation": "HH",
    "registered_in": "RU-KRS-KURSK",
    "origin": "RU-KRS-SUDZHANSKY",
    "region": "RU-KRS",
    "destination": "RU-KRS-KURSK",
    "parent": "RU-CENTRAL",
    "path": "RU/RU-CENTRAL/RU-KRS/",
    "key": "RU-KRS",
    "kind": "oblast",
    "occurred_at": "2024-08-08T07:00:00Z",
    "recorded_at": "2024-08-08T07:20:00Z",
    "recorded_by": _ACTOR,
    "voided_at": None,
    "voided_by": None,
    "void_reason": "",
    "ended_at": None,
    "as_of": "2024-08-12T20:59:59.999999Z",
    "known_at": "2024-08-13T03:00:00Z",
    "agreements": [_ID],
    "given_name": "Олена",
    "patronymic": "",
    "family_name": "Ковальчук",
    "victim_name": "",
    "sex": "female",
    "birth_date": "1980-03-14",
    "birth_precision": "day",
    "relationship": "head",
    "needs": ["DS"],
    "age_band": "18-59",
    "age": "adult",
    "purpose": "service",
    "phone": "+7 900 000 00 00",
    "language": "uk",
    "name_en": "Kursk Oblast",
    "name_ru": "Курская область",
    "name_uk": "Курська область",
    "name": "School 4",
    "people": 4,
    "latitude": 51.73,
    "longitude": 36.19,
    "regions": ["RU-KRS"],
    "wanted_regions": [],
    "quiet_from": "22:00:00",
    "quiet_until": "07:00:00",
    "flag": "stale evacuated:7 0f3c9a51d2e87b64",
    "zone": "Europe/Moscow",
    "report_due": "06:00:00",
    "starts_on": "2024-08-06",
    "ends_on": None,
    "died_on": None,
    "local_day": "2024-08-12",
    "outcome": "killed",
    "rung": "reported",
    "verified_at": None,
    "verified_by": None,
    "civilian_status": "civilian",
    "people_min": 1,
    "people_max": 1,
    "source": "Acting governor of Kursk oblast",
    "source_type": "governor",
    "indicator": "evacuated",
    "basis": "claimed",
    "qualifier": "about",
    "unit": "individuals",
    "value": 121000,
    "value_min": None,
    "value_max": None,
    "children": None,
    "change": None,
    "age_days": 0,
    "claim": _ID,
    "credibility": "3",
    "reliability": "B",
    "relation": "corrects",
    "reason": "A later count.",
    "operation": "kursk-2024",
    "status": "published",
    "audience": "internal",
    "format": "pdf",
    "media_type": "application/pdf",
    "file_name": "situation-report-RU-KRS-2024-08-12.pdf",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "url": "https://musterpoint.example/api/v1/editions/" + _ID + "/files/pdf/",
    "phase": "open",
    "site_type": "school",
    "cover": "basement",
    "cause": "hostilities",
    "place": "shelter",
    "means": "own",
    "method": "door",
    "precision": "day",
    "system": "ocha_pcode",
    "code": "RU001006",
    "version": 1,
}


def example_of(serializer: Any) -> Any:
    """What a serializer writes in the invented world; for input, the example that it declares."""
    declared = getattr(serializer, "example", None)
    if declared is not None:
        return declared
    if isinstance(serializer, serializers.ListSerializer):
        return [example_of(serializer.child)]
    return {name: _value(name, field) for name, field in serializer.fields.items()}


def _value(name: str, field: Any) -> Any:
    if isinstance(field, serializers.BaseSerializer):
        return example_of(field)
    if name in _VALUES:
        return _VALUES[name]
    if isinstance(field, serializers.UUIDField):
        return _ID
    if getattr(field, "allow_null", False):
        return None
    if isinstance(field, (serializers.DateTimeField, serializers.DateField)):
        return _VALUES["recorded_at" if isinstance(field, serializers.DateTimeField) else "local_day"]
    if isinstance(field, serializers.BooleanField):
        return True
    return 10 if isinstance(field, (serializers.IntegerField, serializers.FloatField)) else ""
