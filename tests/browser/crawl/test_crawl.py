"""Every page of the Desk is opened by who works there, and shows nothing a user should never meet."""

from __future__ import annotations

from collections import defaultdict

import pytest

from tests.browser.crawl.places import AT_THE_DESK
from tests.browser.crawl.walking import Place, Walker, places_of
from tests.browser.journeys.conftest import Meeting
from tests.browser.journeys.people import Logins

FIRST = (
	"Order Administrator",
	"Salesperson",
	"Catalogue Manager",
	"Finance Reviewer",
	"Marketing Planner",
	"Order Supervisor",
)
"""Whose pages are walked by themselves rather than by others who may do as much there."""


def shared_out(logins: Logins) -> dict[str, list[Place]]:
	"""Each page once: to the first of those who may do most there."""
	best: dict[tuple[str, str, str], tuple[int, str, Place]] = {}
	for role in (*FIRST, *(role for role in AT_THE_DESK if role not in FIRST)):
		for place, strength in places_of(logins[role]["user"]).items():
			page = (place.kind, place.name, place.print_format)
			if page not in best or best[page][0] < strength:
				best[page] = (strength, role, place)
	shares: dict[str, list[Place]] = defaultdict(list)
	for _strength, role, place in best.values():
		shares[role].append(place)
	return shares


@pytest.mark.long
def test_every_page_opens_for_who_works_there_most(meet: Meeting, logins: Logins) -> None:
	shares = shared_out(logins)
	assert len([place for places in shares.values() for place in places]) > 150
	people, faults = meet("zh"), []
	for role, places in shares.items():
		walker = Walker(people(role))
		walker.walk(places)
		faults += [f"{role}: {fault}" for fault in walker.faults]
		people.leaves(role)
	assert not faults, "\n".join(faults)


@pytest.mark.long
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("role", AT_THE_DESK)
def test_every_page_opens_for_everybody_who_may_open_it(
	meet: Meeting, logins: Logins, role: str, lang: str
) -> None:
	walker = Walker(meet(lang)(role))
	walker.walk(list(places_of(logins[role]["user"])))
	assert not walker.faults, "\n".join(walker.faults)
