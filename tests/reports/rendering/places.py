"""The tables of the sample report: districts, hosting regions, shelters, ages and needs, all invented."""

from dataclasses import replace

from reports.editions.report import MapPoint, NeedRow, RegionRow, SexAgeRow, ShelterRow

# name | status | baseline, left, displaced, returned, in transit, hosted, sheltered, change | where
DISTRICTS = """
Sudzhansky District | Evacuation mandatory | 25119 22480 22391 89 214 0 0 1204 | 51.19 35.27
Glushkovsky District | Evacuation mandatory | 17979 13204 13166 38 402 0 0 5310 | 51.35 34.62
Korenevsky District | Evacuation mandatory | 14500 12411 12370 41 98 0 0 1977 | 51.41 34.91
Belovsky District | Evacuation mandatory | 14100 10722 10690 32 151 0 0 2240 | 51.05 35.72
Rylsky District | Evacuation advised | 30350 16190 16120 70 377 804 122 2101 | 51.57 34.68
Bolshesoldatsky District | Evacuation advised | 10362 7190 7171 19 44 0 0 610 | 51.33 35.51
Khomutovsky District | Evacuation advised | 8398 4720 4714 6 12 91 40 303 | 51.92 34.55
Lgovsky District | | 12000 7011 6994 17 60 1420 211 402 | 51.66 35.26
Oktyabrsky District | | - 1102 1101 1 0 3908 380 12 | 51.66 35.82
Kursk | | 440052 240 240 0 0 38210 4107 44 | 51.73 36.19
Zheleznogorsk | Contact lost | - - - - - 4021 302 - | 52.34 35.35
Dmitriyevsky District | | - 0 0 0 0 0 0 0 | 52.13 35.08
"""

# code | name | hosted, sheltered, change | latitude, longitude
HOSTS = """
RU-BEL | Belgorod Oblast | 9120 402 310 | 50.60 36.60
RU-ORL | Oryol Oblast | 7544 611 820 | 52.97 36.06
RU-VOR | Voronezh Oblast | 6010 377 512 | 51.67 39.21
RU-BRY | Bryansk Oblast | 3820 180 122 | 53.24 34.36
RU-LIP | Lipetsk Oblast | 3102 290 240 | 52.61 39.57
UA-59 | Sumska oblast | 12 0 0 | 50.91 34.80
"""

# name | sites open, places announced, open, stays, headcount, free, protected, gap, reporting, expected
SHELTERS = """
Kursk | 52 6200 5100 4107 4012 993 1300 2807 48 52
Oktyabrsky District | 9 500 420 380 371 40 200 180 9 9
Lgovsky District | 6 260 240 211 209 29 180 31 6 6
Rylsky District | 4 200 140 122 - 18 - - 0 4
Belgorod Oblast | 8 700 520 402 398 118 250 152 8 8
Oryol Oblast | 11 900 720 611 640 109 300 311 11 11
Voronezh Oblast | 13 - 1816 1479 1490 337 150 1329 14 13
All | 103 8760 8956 7312 7120 1644 2380 4810 96 103
"""

SEX_AGE = """
0-4 | 3011 3140 4
5-11 | 5120 5340 9
12-17 | 3180 3201 6
18-59 | 28110 19022 44
60+ | 17420 9801 12
unknown | 402 388 202
"""

NEEDS = (
    NeedRow("ER", "Older person living alone", 3120),
    NeedRow("DS", "Disability", 2210),
    NeedRow("SM", "Serious medical condition", 1402),
    NeedRow("SP", "Single parent", 1290),
    NeedRow("PR", "Pregnant or lactating", 611),
    NeedRow("SC", "Unaccompanied or separated child", 37),
)


def lines(table: str) -> list[list[str]]:
    """The cells of each line of a table written with bars between them."""
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


def numbers(cell: str) -> list[int | None]:
    """The counts of one cell; a dash is not reported."""
    return [None if word == "-" else int(word) for word in cell.split()]


def coordinates(cell: str) -> tuple[float, float]:
    """Latitude and longitude."""
    latitude, longitude = cell.split()
    return float(latitude), float(longitude)


def code_of(place: int) -> str:
    """An invented code for the n-th district."""
    return f"X{place:02}"


def district_rows() -> tuple[RegionRow, ...]:
    """The districts of the oblast, without what is claimed of them."""
    rows = []
    for place, (name, status, counts, _where) in enumerate(lines(DISTRICTS)):
        baseline, left, displaced, returned, in_transit, hosted, sheltered, change = numbers(counts)
        rows.append(
            RegionRow(
                region=code_of(place),
                name=name,
                status=status,
                baseline=baseline,
                left=left,
                displaced=displaced,
                returned=returned,
                in_transit=in_transit,
                hosted=hosted,
                sheltered=sheltered,
                elsewhere=(hosted or 0) - (sheltered or 0),
                registered=None if displaced is None else displaced + 300,
                change=change,
            )
        )
    return tuple(rows)


def host_rows() -> tuple[RegionRow, ...]:
    """The neighbouring oblasts that host people of the oblast."""
    rows = []
    for code, name, counts, _where in lines(HOSTS):
        hosted, sheltered, change = (count or 0 for count in numbers(counts))
        elsewhere = hosted - sheltered
        row = RegionRow(code, name, hosted=hosted, sheltered=sheltered, elsewhere=elsewhere, change=change)
        rows.append(row)
    return tuple(rows)


def shelter_rows() -> tuple[ShelterRow, ...]:
    """Shelters by region, one of which sent no headcount, and the total."""
    found = lines(SHELTERS)
    return tuple(
        replace(ShelterRow(f"S{place}", name, *numbers(counts)), is_total=name == "All")  # type: ignore[arg-type]
        for place, (name, counts) in enumerate(found)
    )


def sex_age_rows() -> tuple[SexAgeRow, ...]:
    """Displaced people by age band and sex."""
    rows = []
    for band, counts in lines(SEX_AGE):
        female, male, other = (count or 0 for count in numbers(counts))
        label = "Age not known" if band == "unknown" else band
        rows.append(SexAgeRow(band, label, female, male, other, female + male + other))
    return tuple(rows)


def map_points() -> tuple[MapPoint, ...]:
    """Where people left from and where they are, at the centre of each district or oblast."""
    points = []
    for place, (row, cells) in enumerate(zip(district_rows(), lines(DISTRICTS), strict=True)):
        at = coordinates(cells[3])
        points.append(
            MapPoint(code_of(place), row.name, *at, row.displaced or 0, row.hosted or 0, row.status)
        )
    for row, cells in zip(host_rows(), lines(HOSTS), strict=True):
        points.append(MapPoint(row.region, row.name, *coordinates(cells[3]), 0, row.hosted or 0))
    return tuple(points)
