"""About 65 real cities on all continents, stored by the very code that stores the atlas."""

import datetime as dt

from twincitylab.atlas.operations import LoadReport
from twincitylab.atlas.operations.load import store_atlas
from twincitylab.atlas.sources import AtlasFacts, CityRow
from twincitylab.atlas.sources.cldr import LanguageRow
from twincitylab.atlas.sources.geonames import CountryRow

LEVEL = 15000
NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)

# code, code of three letters, name, continent, people, square kilometres
COUNTRIES = (
    ("AR", "ARG", "Argentina", "SA", 44_494_502, 2766890.0),
    ("AU", "AUS", "Australia", "OC", 24_992_369, 7686850.0),
    ("AZ", "AZE", "Azerbaijan", "AS", 10_224_900, 86600.0),
    ("BR", "BRA", "Brazil", "SA", 209_469_333, 8511965.0),
    ("CA", "CAN", "Canada", "NA", 37_058_856, 9984670.0),
    ("CN", "CHN", "China", "AS", 1_411_778_724, 9596960.0),
    ("CO", "COL", "Colombia", "SA", 49_648_685, 1138910.0),
    ("DE", "DEU", "Germany", "EU", 82_927_922, 357021.0),
    ("EG", "EGY", "Egypt", "AF", 98_423_595, 1001450.0),
    ("ES", "ESP", "Spain", "EU", 46_723_749, 504782.0),
    ("FJ", "FJI", "Fiji", "OC", 883_483, 18270.0),
    ("FR", "FRA", "France", "EU", 66_987_244, 547030.0),
    ("GB", "GBR", "United Kingdom", "EU", 66_488_991, 244820.0),
    ("GH", "GHA", "Ghana", "AF", 29_767_108, 239460.0),
    ("ID", "IDN", "Indonesia", "AS", 267_663_435, 1919440.0),
    ("IN", "IND", "India", "AS", 1_352_617_328, 3287590.0),
    ("IT", "ITA", "Italy", "EU", 60_431_283, 301230.0),
    ("JP", "JPN", "Japan", "AS", 126_529_100, 377835.0),
    ("KE", "KEN", "Kenya", "AF", 51_393_010, 582650.0),
    ("KR", "KOR", "South Korea", "AS", 51_635_256, 98480.0),
    ("MX", "MEX", "Mexico", "NA", 126_190_788, 1972550.0),
    ("NG", "NGA", "Nigeria", "AF", 195_874_740, 923768.0),
    ("NP", "NPL", "Nepal", "AS", 28_087_871, 140800.0),
    ("NZ", "NZL", "New Zealand", "OC", 4_885_500, 268680.0),
    ("PE", "PER", "Peru", "SA", 31_989_256, 1285220.0),
    ("PL", "POL", "Poland", "EU", 37_978_548, 312685.0),
    ("RO", "ROU", "Romania", "EU", 19_473_936, 237500.0),
    ("RU", "RUS", "Russia", "EU", 144_478_050, 17100000.0),
    ("RW", "RWA", "Rwanda", "AF", 12_301_939, 26338.0),
    ("SG", "SGP", "Singapore", "AS", 5_638_676, 692.0),
    ("SN", "SEN", "Senegal", "AF", 15_854_360, 196190.0),
    ("TR", "TUR", "Turkey", "AS", 82_319_724, 780580.0),
    ("UG", "UGA", "Uganda", "AF", 42_723_139, 236040.0),
    ("US", "USA", "United States", "NA", 327_167_434, 9629091.0),
    ("VE", "VEN", "Venezuela", "SA", 28_870_195, 912050.0),
    ("ZA", "ZAF", "South Africa", "AF", 57_779_622, 1219912.0),
)  # fmt: skip

# country, language, share of its people, official
LANGUAGES = (
    ("AR", "es", 1.0, True),
    ("AU", "en", 0.96, True),
    ("AZ", "az", 0.89, True),
    ("BR", "pt", 0.91, True),
    ("CA", "en", 0.87, True), ("CA", "fr", 0.29, True),
    ("CN", "zh", 0.9, True),
    ("CO", "es", 0.93, True),
    ("DE", "de", 0.91, True), ("DE", "en", 0.64, False), ("DE", "fr", 0.18, False),
    ("DE", "bar", 0.17, False),
    ("EG", "ar", 0.94, True), ("EG", "arz", 0.64, False), ("EG", "en", 0.35, False),
    ("ES", "es", 0.99, True), ("ES", "en", 0.24, False), ("ES", "ca", 0.17, False),
    ("FJ", "en", 0.94, True), ("FJ", "hi", 0.44, False), ("FJ", "hif", 0.41, True),
    ("FJ", "fj", 0.39, True),
    ("FR", "fr", 0.97, True), ("FR", "en", 0.39, False),
    ("GB", "en", 0.98, True), ("GB", "fr", 0.17, False),
    ("GH", "ak", 0.39, False), ("GH", "en", 0.21, True),
    ("ID", "id", 0.64, True), ("ID", "jv", 0.34, False),
    ("IN", "hi", 0.41, True), ("IN", "en", 0.19, True),
    ("IT", "it", 0.95, True), ("IT", "en", 0.34, False), ("IT", "fr", 0.2, False),
    ("JP", "ja", 0.95, True),
    ("KE", "sw", 0.66, True), ("KE", "en", 0.19, True), ("KE", "ki", 0.17, False),
    ("KR", "ko", 1.0, True),
    ("MX", "es", 0.83, True),
    ("NG", "en", 0.53, True), ("NG", "pcm", 0.21, False),
    ("NP", "ne", 0.44, True),
    ("NZ", "en", 0.98, True),
    ("PE", "es", 0.73, True), ("PE", "qu", 0.15, True),
    ("PL", "pl", 0.96, True), ("PL", "en", 0.33, False), ("PL", "de", 0.19, False),
    ("PL", "ru", 0.18, False),
    ("RO", "ro", 0.9, True), ("RO", "en", 0.31, False),
    ("RU", "ru", 0.94, True),
    ("RW", "rw", 0.77, True), ("RW", "en", 0.15, True),
    ("SG", "en", 0.93, True), ("SG", "zh", 0.77, True),
    ("SN", "wo", 0.7, True), ("SN", "fr", 0.26, True), ("SN", "ff", 0.21, False),
    ("TR", "tr", 0.93, True), ("TR", "en", 0.17, False),
    ("UG", "sw", 0.75, True),
    ("US", "en", 0.96, True),
    ("VE", "es", 0.82, True),
    ("ZA", "en", 0.31, True), ("ZA", "zu", 0.24, False), ("ZA", "xh", 0.18, False),
)  # fmt: skip

# id, name, country, division, latitude, longitude, people, time zone, climate, kilometres to the sea
CITIES = (
    (184745, "Nairobi", "KE", "05", -1.28333, 36.81667, 4_397_073, "Africa/Nairobi", "Cfb", 411.4),
    (202061, "Kigali", "RW", "12", -1.94995, 30.05885, 1_132_686, "Africa/Kigali", "Aw", 1064.0),
    (232422, "Kampala", "UG", "C", 0.31628, 32.58219, 1_680_600, "Africa/Kampala", "Af", 914.6),
    (323786, "Ankara", "TR", "68", 39.91987, 32.85427, 3_517_182, "Europe/Istanbul", "Csa", 207.4),
    (360630, "Cairo", "EG", "11", 30.06263, 31.24967, 9_606_916, "Africa/Cairo", "BWh", 117.7),
    (524901, "Moscow", "RU", "48", 55.75204, 37.61781, 10_381_222, "Europe/Moscow", "Dfb", 672.6),
    (542420, "Krasnodar", "RU", "38", 45.04534, 38.98178, 899_541, "Europe/Moscow", "Cfa", 85.2),
    (587084, "Baku", "AZ", "09", 40.37767, 49.89201, 2_351_300, "Asia/Baku", "BSk", 714.4),
    (665087, "Timişoara", "RO", "36", 45.75372, 21.22571, 250_849, "Europe/Bucharest", "Cfa", 428.7),
    (745044, "Istanbul", "TR", "34", 41.01384, 28.94966, 15_701_602, "Europe/Istanbul", "Csa", 10.8),
    (756135, "Warsaw", "PL", "78", 52.22977, 21.01178, 1_702_139, "Europe/Warsaw", "Cfb", 269.6),
    (1273294, "Delhi", "IN", "07", 28.65195, 77.23149, 11_034_555, "Asia/Kolkata", "BSh", 888.2),
    (1275339, "Mumbai", "IN", "16", 19.07283, 72.88261, 12_691_836, "Asia/Kolkata", "Am", 28.6),
    (1283240, "Kathmandu", "NP", "3", 27.70169, 85.3206, 1_442_271, "Asia/Kathmandu", "Cwa", 712.5),
    (1529102, "Ürümqi", "CN", "13", 43.80096, 87.60046, 3_029_372, "Asia/Urumqi", "BSk", 2166.2),
    (1642911, "Jakarta", "ID", "04", -6.21462, 106.84513, 8_540_121, "Asia/Jakarta", "Af", 33.2),
    (1796236, "Shanghai", "CN", "23", 31.22222, 121.45806, 24_874_500, "Asia/Shanghai", "Cfa", 35.7),
    (1835848, "Seoul", "KR", "11", 37.566, 126.9784, 10_349_312, "Asia/Seoul", "Cwa", 57.4),
    (1850147, "Tokyo", "JP", "40", 35.6895, 139.69171, 9_733_276, "Asia/Tokyo", "Cfa", 49.8),
    (1857910, "Kyoto", "JP", "22", 35.02107, 135.75385, 1_463_723, "Asia/Tokyo", "Cfa", 55.0),
    (1880252, "Singapore", "SG", "", 1.28967, 103.85007, 5_638_700, "Asia/Singapore", "Af", 30.0),
    (2147714, "Sydney", "AU", "02", -33.86785, 151.20732, 5_638_830, "Australia/Sydney", "Cfa", 11.6),
    (2193733, "Auckland", "NZ", "E7", -36.84853, 174.76349, 1_547_200, "Pacific/Auckland", "Cfb", 30.1),
    (2198148, "Suva", "FJ", "01", -18.13683, 178.42531, 77_366, "Pacific/Fiji", "Af", 3.3),
    (2253354, "Dakar", "SN", "01", 14.6937, -17.44406, 2_646_503, "Africa/Dakar", "BSh", 4.2),
    (2306104, "Accra", "GH", "01", 5.55602, -0.1969, 1_963_264, "Africa/Accra", "Aw", 7.1),
    (2332459, "Lagos", "NG", "05", 6.45407, 3.39467, 15_388_000, "Africa/Lagos", "Aw", 12.4),
    (2633352, "York", "GB", "ENG", 53.95763, -1.08271, 156_135, "Europe/London", "Cfb", 58.7),
    (2641170, "Nottingham", "GB", "ENG", 52.9536, -1.15047, 323_632, "Europe/London", "Cfb", 99.5),
    (2643743, "London", "GB", "ENG", 51.50853, -0.12574, 8_961_989, "Europe/London", "Cfb", 72.1),
    (2644688, "Leeds", "GB", "ENG", 53.79648, -1.54785, 536_280, "Europe/London", "Cfb", 91.6),
    (2825297, "Stuttgart", "DE", "01", 48.78232, 9.17702, 612_663, "Europe/Berlin", "Cfb", 447.3),
    (2867714, "Munich", "DE", "02", 48.13743, 11.57549, 1_505_005, "Europe/Berlin", "Cfb", 300.1),
    (2892794, "Karlsruhe", "DE", "01", 49.00937, 8.40444, 283_799, "Europe/Berlin", "Cfb", 447.0),
    (2911298, "Hamburg", "DE", "04", 53.55073, 9.99302, 1_973_896, "Europe/Berlin", "Cfb", 97.2),
    (2925177, "Freiburg", "DE", "01", 47.9959, 7.85222, 237_460, "Europe/Berlin", "Cfb", 403.9),
    (2950159, "Berlin", "DE", "16", 52.52437, 13.41053, 3_426_354, "Europe/Berlin", "Cfb", 171.6),
    (2970479, "Paris 15 Vaugirard", "FR", "11", 48.8412, 2.3003, 229_713, "Europe/Paris", "Cfb", 152.7),
    (2973783, "Strasbourg", "FR", "44", 48.58392, 7.74553, 274_845, "Europe/Paris", "Cfb", 452.0),
    (2988507, "Paris", "FR", "11", 48.85341, 2.3488, 2_138_551, "Europe/Paris", "Cfb", 153.5),
    (2990999, "Nancy", "FR", "44", 48.68439, 6.18496, 105_058, "Europe/Paris", "Cfb", 372.5),
    (2995469, "Marseille", "FR", "93", 43.29695, 5.38107, 877_215, "Europe/Paris", "Csa", 6.5),
    (2996944, "Lyon", "FR", "84", 45.74906, 4.84789, 520_774, "Europe/Paris", "Cfb", 257.3),
    (3094802, "Kraków", "PL", "77", 50.06143, 19.93658, 816_614, "Europe/Warsaw", "Cfb", 494.1),
    (3117735, "Madrid", "ES", "29", 40.4165, -3.70256, 3_255_944, "Europe/Madrid", "BSk", 308.3),
    (3128760, "Barcelona", "ES", "56", 41.38879, 2.15899, 1_686_208, "Europe/Madrid", "Csa", 6.2),
    (3164603, "Venice", "IT", "20", 45.43713, 12.33265, 51_298, "Europe/Rome", "Cfa", 6.9),
    (3169070, "Rome", "IT", "07", 41.89193, 12.51133, 2_318_895, "Europe/Rome", "Csa", 29.1),
    (3369157, "Cape Town", "ZA", "11", -33.92584, 18.42322, 4_772_846, "Africa/Johannesburg", "Csb", 23.7),
    (3435910, "Buenos Aires", "AR", "07", -34.61315, -58.37723, 2_891_082,
     "America/Argentina/Buenos_Aires", "Cfa", 12.1),
    (3448439, "São Paulo", "BR", "27", -23.5475, -46.63611, 12_400_232, "America/Sao_Paulo", "Cfa", 59.8),
    (3530597, "Mexico City", "MX", "09", 19.42847, -99.12766, 12_294_193, "America/Mexico_City",
     "Cwb", 246.8),
    (3648559, "Barcelona", "VE", "02", 10.1384, -64.68769, 815_141, "America/Caracas", "BSh", 25.3),
    (3688689, "Bogotá", "CO", "34", 4.60971, -74.08175, 7_674_366, "America/Bogota", "Cfb", 377.7),
    (3936456, "Lima", "PE", "LMA", -12.04318, -77.02824, 7_737_002, "America/Lima", "BWh", 15.0),
    (4250542, "Springfield", "US", "IL", 39.80172, -89.64371, 114_394, "America/Chicago", "Cfa", 1053.6),
    (4393217, "Kansas City", "US", "MO", 39.09973, -94.57857, 475_378, "America/Chicago", "Cfa", 1043.0),
    (4409896, "Springfield", "US", "MO", 37.21533, -93.29824, 170_188, "America/Chicago", "Cfa", 815.3),
    (4887398, "Chicago", "US", "IL", 41.85003, -87.65005, 2_664_452, "America/Chicago", "Dfa", 1069.7),
    (4951788, "Springfield", "US", "MA", 42.10148, -72.58981, 154_341, "America/New_York", "Cfa", 94.7),
    (5128581, "New York City", "US", "NY", 40.71427, -74.00597, 8_804_190, "America/New_York", "Cfa", 20.6),
    (5746545, "Portland", "US", "OR", 45.52345, -122.67621, 652_503, "America/Los_Angeles", "Csb", 116.1),
    (5856195, "Honolulu", "US", "HI", 21.30694, -157.85833, 350_964, "Pacific/Honolulu", "As", 0.0),
    (6167865, "Toronto", "CA", "08", 43.70643, -79.39864, 2_794_356, "America/Toronto", "Dfb", 575.2),
)  # fmt: skip

STATES = {
    "HI": "Hawaii", "IL": "Illinois", "MA": "Massachusetts", "MO": "Missouri", "NY": "New York",
    "OR": "Oregon",
}  # fmt: skip

OTHER_NAMES = {
    360630: ("القاهرة", "Kairo",),
    524901: ("Москва", "Moskva",),
    1275339: ("Bombay",),
    1529102: ("乌鲁木齐", "Urumchi",),
    1796236: ("上海",),
    1835848: ("서울",),
    1850147: ("東京", "Tokio",),
    2643743: ("Londres",),
    2867714: ("München", "Munchen", "Muenchen", "ميونخ", "Мюнхен", "慕尼黑", "뮌헨", "Monaco di Baviera",),
    2892794: ("Carlsruhe", "Карлсруэ",),
    3094802: ("Cracow", "Krakau",),
    3169070: ("Roma",),
    5128581: ("New York", "Nueva York",),
}  # fmt: skip


def load_sample_atlas(*, only: tuple[int, ...] | None = None, now: dt.datetime = NOW) -> LoadReport:
    """Store the sample, or only some of its cities,
    with those well-known twinnings whose cities are in it."""
    return store_atlas(
        sample_facts(only=only), inputs="sample", now=now, progress=lambda _message, _share: None
    )


def sample_facts(*, only: tuple[int, ...] | None = None) -> AtlasFacts:
    """The facts of the sample, as the sources would give them."""
    cities = [
        CityRow(
            *row,
            region=STATES.get(row[3], "") if row[2] == "US" else "",
            alternates=OTHER_NAMES.get(row[0], ()),
        )
        for row in CITIES
        if only is None or row[0] in only
    ]
    return AtlasFacts(
        level=LEVEL,
        countries=[CountryRow(*row) for row in COUNTRIES],
        languages=[LanguageRow(*row) for row in LANGUAGES],
        cities=cities,
        digest=f"sample of {sorted(city.geonameid for city in cities)}",
    )
