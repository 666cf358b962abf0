"""Invented people for the measurement of figures: made inside PostgreSQL, so that a million takes a minute and not an hour.

Households of 2.7 people on average leave 9 districts over 9 days for 12 places, one in twelve to a shelter; 3% of facts
are late, 2% voided, 1% returned. Shapes follow the scenario; names are numbers.
"""

from django.db import connection

from benchmarks.actors import almighty
from displacement.actions.duplicates import judge, propose
from displacement.models import Person, PossibleDuplicate

DISTRICTS, HOSTS, SHELTERS = 9, 12, 120

REGIONS = """
INSERT INTO regions_region (key, path, level, kind, local_level_name, name_en, name_ru, name_uk, centroid_source,
                            baseline_source, parent_id)
VALUES ('B', 'B/', 0, 'country', '', 'Bench', '', '', '', '', NULL);
INSERT INTO regions_region (key, path, level, kind, local_level_name, name_en, name_ru, name_uk, centroid_source,
                            baseline_source, parent_id)
SELECT 'B-' || o, 'B/B-' || o || '/', 1, 'oblast', '', 'Oblast ' || o, '', '', '', '', r.id
FROM regions_region r, generate_series(1, 8) o WHERE r.key = 'B';
INSERT INTO regions_region (key, path, level, kind, local_level_name, name_en, name_ru, name_uk, centroid_source,
                            baseline_source, parent_id)
SELECT 'B-1-' || d, 'B/B-1/B-1-' || d || '/', 2, 'raion', '', 'District ' || d, '', '', '', '', r.id
FROM regions_region r, generate_series(1, 33) d WHERE r.key = 'B-1';
INSERT INTO accounts_organisation (id, name, short_name, kind) VALUES (uuidv7(), 'Bench', 'Bench', 'ngo');
CREATE TEMP TABLE bench_origin AS
    SELECT row_number() OVER (ORDER BY path) - 1 AS n, id FROM regions_region
    WHERE level = 2 ORDER BY path LIMIT 9;
CREATE TEMP TABLE bench_host AS
    SELECT row_number() OVER (ORDER BY path DESC) - 1 AS n, id FROM regions_region
    WHERE level > 0 AND id NOT IN (SELECT id FROM bench_origin) ORDER BY path DESC LIMIT 12;
"""

HOUSEHOLDS = """
INSERT INTO displacement_household (id, occurred_at, recorded_at, recorded_by, void_reason, serial, method, phone,
                                    language, reference, version, organisation_id, origin_id, registered_in_id)
SELECT uuidv7(), left_at, left_at + late, gen_random_uuid(), '', h, 'door', '', 'ru', '', 1, org.id, o.id, d.id
FROM (SELECT h, timestamptz '2024-08-06 03:00+03' + (hashint4(h) & 65535) * interval '11 s' AS left_at,
             CASE WHEN h %% 33 = 0 THEN interval '3 days' ELSE interval '4 hours' END AS late
      FROM generate_series(1, %(households)s) h) s
JOIN bench_origin o ON o.n = h %% 9 JOIN bench_host d ON d.n = (h / 7) %% 12
CROSS JOIN (SELECT id FROM accounts_organisation LIMIT 1) org;
"""

PEOPLE = """
INSERT INTO displacement_person (id, occurred_at, recorded_at, recorded_by, void_reason, serial, relationship,
                                 given_name, patronymic, family_name, sex, birth_date, birth_precision, family_key,
                                 given_key, match_keys, reference, version, household_id, organisation_id)
SELECT uuidv7(), h.occurred_at, h.recorded_at, h.recorded_by, '', 100000000 + h.serial * 16 + p, 'unknown', 'G' || p,
       '', 'F' || h.serial, CASE WHEN p % 2 = 0 THEN 'male' ELSE 'female' END,
       date '2024-08-01' - (hashint8(h.serial * 16 + p) & 32767), 'day', 'f' || h.serial, 'g' || p, '{}', '', 1, h.id,
       h.organisation_id
FROM displacement_household h CROSS JOIN LATERAL generate_series(1, 1 + (h.serial * 7 % 5)::int) p
ORDER BY h.serial;
"""

MOVEMENTS = """
INSERT INTO displacement_movement (id, occurred_at, recorded_at, recorded_by, voided_at, voided_by, void_reason, kind,
                                   place, means, cause, origin_id, destination_id, person_id)
SELECT uuidv7(), p.occurred_at + step.n * interval '7 hours', p.recorded_at + step.n * interval '7 hours',
       p.recorded_by,
       CASE WHEN p.serial % 50 = 3 AND step.n = 1 THEN p.recorded_at + interval '1 day' END,
       CASE WHEN p.serial % 50 = 3 AND step.n = 1 THEN p.recorded_by END,
       CASE WHEN p.serial % 50 = 3 AND step.n = 1 THEN 'wrong' ELSE '' END,
       step.kind,
       CASE WHEN step.n = 0 THEN 'unknown' WHEN h.serial % 12 = 0 THEN 'shelter'
            WHEN h.serial % 3 = 0 THEN 'rented' ELSE 'relatives' END,
       'own', 'hostilities', h.origin_id, CASE WHEN step.n > 0 THEN h.registered_in_id END, p.id
FROM displacement_person p JOIN displacement_household h ON h.id = p.household_id
CROSS JOIN (VALUES (0, 'left'), (1, 'arrived'), (2, 'returned')) step (n, kind)
WHERE step.n < 2 OR p.serial % 100 = 7
ORDER BY p.serial, step.n;
"""

SITES = """
INSERT INTO shelters_shelter (id, name, name_key, region_id, organisation_id, site_type, address, has_daily_headcount,
                              version)
SELECT uuidv7(), 'S' || s, 's' || s, d.id, org.id, 'school', '', true, 1
FROM generate_series(1, 120) s JOIN bench_host d ON d.n = s % 12
CROSS JOIN (SELECT id FROM accounts_organisation LIMIT 1) org;
INSERT INTO shelters_shelterstate (id, occurred_at, recorded_at, recorded_by, void_reason, phase, places_open,
                                   places_blocked, blocked_reason, shelter_id)
SELECT uuidv7(), timestamptz '2024-08-06', timestamptz '2024-08-06', gen_random_uuid(), '', 'open', 120, 0, '', id
FROM shelters_shelter;
INSERT INTO shelters_headcount (id, occurred_at, recorded_at, recorded_by, void_reason, people, shelter_id)
SELECT uuidv7(), day, day + interval '1 hour', gen_random_uuid(), '', 80, id
FROM shelters_shelter, generate_series(timestamptz '2024-08-06 17:00', '2024-08-14 17:00', interval '1 day') day
WHERE hashtext(name || day) % 10 <> 0;
CREATE TEMP TABLE bench_site AS
    SELECT row_number() OVER (ORDER BY id) - 1 AS n, count(*) OVER (PARTITION BY region_id) AS sites,
           row_number() OVER (PARTITION BY region_id ORDER BY id) - 1 AS place, id, region_id FROM shelters_shelter;
INSERT INTO shelters_stay (id, occurred_at, recorded_at, recorded_by, void_reason, override_reason, person_id,
                           shelter_id)
SELECT uuidv7(), p.occurred_at + interval '8 hours', p.recorded_at + interval '8 hours', p.recorded_by, '', '', p.id,
       s.id
FROM displacement_person p JOIN displacement_household h ON h.id = p.household_id
JOIN bench_site s ON s.region_id = h.registered_in_id AND s.place = h.serial % s.sites
WHERE h.serial % 12 = 0;
"""

#: Mean size of a household made by PEOPLE: sizes 1 to 5 in equal parts.
PEOPLE_PER_HOUSEHOLD = 3


def fill(people: int) -> None:
    """Fill an empty, migrated database with about so many people; seven statements, about 6 s for 121,000."""
    with connection.cursor() as cursor:
        cursor.execute(REGIONS)
        cursor.execute(HOUSEHOLDS, {"households": people // PEOPLE_PER_HOUSEHOLD})
        for statement in (PEOPLE, MOVEMENTS, SITES):
            cursor.execute(statement)
        for table in ("household", "person", "movement"):
            cursor.execute(f"VACUUM ANALYZE displacement_{table}")
        cursor.execute("ANALYZE")


#: Pairs of one transaction, as a decision on many pairs takes them.
MERGE_CHUNK = 500


def merge_some(count: int) -> int:
    """Merge so many people into others of the same size of household, as a bulk decision does; how many were merged.

    Pairs are of neighbours in the register who sleep in no shelter, so that nothing is in the way.
    """
    by = almighty()
    free = Person.objects.filter(stays=None).order_by("serial").values_list("pk", flat=True)[: 2 * count]
    keys = list(free)
    propose((one, other, 0.99) for one, other in zip(keys[::2], keys[1::2], strict=False))
    pairs = list(PossibleDuplicate.objects.order_by("pk"))
    return sum(
        len(judge(pairs=pairs[start : start + MERGE_CHUNK], verdict="same", by=by).done)
        for start in range(0, len(pairs), MERGE_CHUNK)
    )
