"""The official calendar of a year, as the files it is published in say it."""

from __future__ import annotations

from datetime import date

import pytest

from order_review.engine import BadInput
from order_review.engine.holidays import Year, read_years
from tests.engine.samples import DATA

ICS = """\
BEGIN:VCALENDAR
VERSION:2.0
X-WR-CALNAME:中国法定节
 假日
BEGIN:VEVENT
SUMMARY:元旦假期
DTSTART;VALUE=DATE:20270101
DTEND;VALUE=DATE:20270104
END:VEVENT
BEGIN:VEVENT
SUMMARY:上班(补春节假期)
DTSTART;VALUE=DATE:20270207
DTEND;VALUE=DATE:20270208
END:VEVENT
BEGIN:VEVENT
SUMMARY:春节（班）
DTSTART;VALUE=DATE:20270220
END:VEVENT
BEGIN:VEVENT
SUMMARY:Spring Festival
X-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY
DTSTART;VALUE=DATE:20270221
DTEND;VALUE=DATE:20270222
END:VEVENT
BEGIN:VEVENT
SUMMARY:Meeting
DTSTART:20270303T090000
END:VEVENT
END:VCALENDAR
"""


def sample() -> Year:
	(year,) = read_years((DATA / "holidays_2026.json").read_bytes(), "2026.json")
	return year


def test_the_sample_is_the_official_calendar_of_2026() -> None:
	"""As the State Council's notice gives it; compared with what the issue of the calendar names."""
	off = {each.day for each in sample().off}
	for day in (
		"01-01",
		"01-02",
		"02-16",
		"02-20",
		"02-23",
		"04-06",
		"05-04",
		"05-05",
		"06-19",
		"09-25",
		"10-07",
	):
		assert date.fromisoformat(f"2026-{day}") in off, day
	assert len(off) == 3 + 9 + 3 + 5 + 3 + 3 + 7
	worked = [each.day.isoformat()[5:] for each in sample().worked]
	assert worked == ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]
	assert all(day.weekday() >= 5 for day in (each.day for each in sample().worked))


def test_an_ics_file_says_the_same_in_its_own_way() -> None:
	(year,) = read_years(ICS.replace("\n", "\r\n").encode(), "2027.ics")
	assert [each.day.day for each in year.off] == [1, 2, 3]
	assert [each.day.isoformat() for each in year.worked] == ["2027-02-07", "2027-02-20", "2027-02-21"]
	assert (year.number, year.skipped) == (2027, 1)


@pytest.mark.parametrize(
	("content", "said"),
	[
		(b'{"year": 2027, "papers": [], "days": []}', "holds no days"),
		(b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", "holds no days"),
		(b'{"days": [{"date": "2027-13-01", "name": "x", "isOffDay": true}]}', "is not a date"),
		(b'{"days": [{"date": "2027-01-01", "name": "x"}]}', "isOffDay is missing"),
		(b'{"days": ', "broken JSON"),
		(b"Holidays,2027", "no calendar"),
		(b"\xff\xfe\x00", "not text in UTF-8"),
		(b'{"days": [{"date": "2027-01-01", "isOffDay": true}, {"date": "2027-01-01", "isOffDay": false}]}', "is a day off"),
		(ICS.replace("20270104", "20280104").encode(), "an event lasts from"),
	],
)  # fmt: skip
def test_what_is_no_calendar_is_refused_in_both_languages(content: bytes, said: str) -> None:
	with pytest.raises(BadInput, match=said):
		read_years(content, "2027.ics")
