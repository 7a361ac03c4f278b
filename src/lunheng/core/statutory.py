"""法定节日: the days off that the law itself gives to everybody, computed for years of which no notice is out yet.

《全国年节及纪念日放假办法》 as amended from 2025-01-01 (国务院令第795号): New Year's Day 1 day, Spring Festival 4 (the eve and
the first three days), Qingming 1, Labor Day 2, Dragon Boat 1, Mid-Autumn 1, National Day 3; a day that falls on a weekend
is made up for on a working day. How days are moved around is for the yearly notice alone and is not guessed here.
"""

from datetime import date, timedelta
from functools import cache

FROM_YEAR = 2025
_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
_LUNAR = """
    2027 0206 0405 0609 0915  2028 0126 0404 0528 1003  2029 0213 0404 0616 0922  2030 0203 0405 0605 0912
    2031 0123 0405 0624 1001  2032 0211 0404 0612 0919  2033 0131 0404 0601 0908  2034 0219 0405 0620 0927
    2035 0208 0405 0610 0916  2036 0128 0404 0530 1004  2037 0215 0404 0618 0924  2038 0204 0405 0607 0913
    2039 0124 0405 0527 1002  2040 0212 0404 0614 0920  2041 0201 0404 0603 0910  2042 0122 0404 0622 0928
    2043 0210 0405 0611 0917  2044 0130 0404 0531 1005  2045 0217 0404 0619 0925  2046 0206 0404 0608 0915
    2047 0126 0405 0529 1004  2048 0214 0404 0615 0922  2049 0202 0404 0604 0911  2050 0123 0404 0623 0930
    2051 0211 0405 0613 0919  2052 0201 0404 0601 0907  2053 0219 0404 0620 0926  2054 0208 0404 0610 0916
    2055 0128 0405 0530 1005  2056 0215 0404 0617 0924  2057 0204 0404 0606 0913  2058 0124 0404 0625 1002
    2059 0212 0405 0614 0921  2060 0202 0404 0603 0909  2061 0121 0404 0622 0928  2062 0209 0404 0611 0917
    2063 0129 0405 0601 1006  2064 0217 0404 0619 0925  2065 0205 0404 0608 0915  2066 0126 0404 0528 1003
    2067 0214 0405 0616 0923  2068 0203 0404 0604 0911  2069 0123 0404 0623 0929  2070 0211 0404 0613 0919
    2071 0131 0405 0602 0908  2072 0219 0404 0620 0926  2073 0207 0404 0610 0916  2074 0127 0404 0530 1005
    2075 0215 0404 0617 0924  2076 0205 0404 0606 0912  2077 0124 0404 0624 1001  2078 0212 0404 0614 0920
    2079 0202 0404 0604 0910  2080 0122 0404 0622 0928  2081 0209 0404 0611 0917  2082 0129 0404 0601 1006
    2083 0217 0404 0619 0926  2084 0206 0404 0607 0914  2085 0126 0404 0527 1003  2086 0214 0404 0615 0922
    2087 0203 0404 0605 0911  2088 0124 0404 0623 0929  2089 0210 0404 0613 0918  2090 0130 0404 0602 0908
    2091 0218 0404 0621 0927  2092 0207 0404 0609 0916  2093 0127 0404 0529 1005  2094 0215 0404 0617 0924
    2095 0205 0404 0606 0913  2096 0125 0404 0624 0930  2097 0212 0404 0614 0920  2098 0201 0404 0604 0909
    2099 0121 0404 0623 0929
"""
"""Year, Spring Festival, Qingming, Dragon Boat, Mid-Autumn as month and day (GB/T 33661 农历的编算和颁行), to 2099."""
_DAYS_OF = {
    int(year): tuple(date(int(year), int(one[:2]), int(one[2:])) for one in days)
    for year, *days in (_LUNAR.split()[index : index + 5] for index in range(0, len(_LUNAR.split()), 5))
}


@cache
def days_off(year: int) -> frozenset[date]:
    """The days off of a year by the law alone, weekends made up for on the working days that follow.

    Beyond the table of lunar days only the fixed ones are known.
    """
    holidays = [*_fixed(year), *_lunar(year)]
    taken = set(holidays)
    made_up: set[date] = set()
    for group in _runs(sorted(taken)):
        lost = sum(day.weekday() >= _SATURDAY for day in group)
        day = group[-1]
        while lost:
            day += _ONE_DAY
            if day.weekday() < _SATURDAY and day not in taken | made_up:
                made_up.add(day)
                lost -= 1
    return frozenset(taken | made_up)


def _runs(days: list[date]) -> list[list[date]]:
    """Days in groups that follow one another without a gap."""
    groups: list[list[date]] = []
    for day in days:
        if groups and day - groups[-1][-1] == _ONE_DAY:
            groups[-1].append(day)
        else:
            groups.append([day])
    return groups


def _fixed(year: int) -> list[date]:
    labor = (1, 2) if year >= FROM_YEAR else (1,)
    return [
        date(year, 1, 1),
        *(date(year, 5, day) for day in labor),
        *(date(year, 10, day) for day in (1, 2, 3)),
    ]


def _lunar(year: int) -> list[date]:
    if year not in _DAYS_OF:
        return []
    spring, *others = _DAYS_OF[year]
    return [*(spring + number * _ONE_DAY for number in range(-1, 3)), *others]
