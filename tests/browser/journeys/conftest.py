"""Everybody of a journey, in the language the journey is told in."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import frappe
import pytest
from playwright.sync_api import BrowserContext

from tests.browser.journeys.people import Logins, People

Meeting = Callable[..., People]


@pytest.fixture
def meet(
	request: pytest.FixtureRequest,
	open_browser: Callable[..., BrowserContext],
	logins: Logins,
	sign_in: Callable[..., None],
) -> Iterator[Meeting]:
	"""Everybody in a language; the test fails when one of them met what nobody should meet.

	The users chose their language before the story begins; afterwards they have the one they had.
	"""
	met: list[People] = []
	spoken = {login["user"]: _language(login["user"]) for login in logins.values()}

	def in_language(lang: str) -> People:
		for user in spoken:
			_set_language(user, lang)
		frappe.db.commit()
		met.append(People(open_browser, logins, sign_in, lang, request.node.originalname))
		return met[-1]

	yield in_language
	for user, lang in spoken.items():
		_set_language(user, lang)
	frappe.db.commit()
	faults = [fault for people in met for fault in people.faults()]
	assert not faults, "\n".join(faults)


def _language(user: str) -> str:
	frappe.db.rollback()
	return str(frappe.db.get_value("User", user, "language") or "")


def _set_language(user: str, lang: str) -> None:
	frappe.db.rollback()
	frappe.set_user("Administrator")
	frappe.db.set_value("User", user, "language", lang)
	frappe.db.commit()
	frappe.clear_cache(user=user)
