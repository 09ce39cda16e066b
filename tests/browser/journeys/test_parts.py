"""Each role's own part of the journey, in English, with what comes before it prepared by the server."""

from __future__ import annotations

import pytest

from tests.browser.journeys import prepared, steps
from tests.browser.journeys.conftest import Meeting
from tests.browser.journeys.story import Story

pytestmark = pytest.mark.long


def test_entering_an_order(meet: Meeting) -> None:
	people, story = meet("zh"), Story()
	steps.enter_order(people, story)
	steps.ask_for_special(people, story)


def test_pricing_a_special_option(meet: Meeting) -> None:
	people, story = meet("zh"), prepared.special_asked_for()
	steps.check_special(people, story)
	steps.quote_special(people, story)
	steps.price_special(people, story)


def test_making_a_contract(meet: Meeting) -> None:
	people, story = meet("zh"), prepared.order_valid()
	steps.make_contract(people, story)
	steps.review_contract(people, story)


def test_signing_sealing_and_paying(meet: Meeting) -> None:
	people, story = meet("zh"), prepared.contract_approved()
	steps.sign_contract(people, story)
	steps.seal_contract(people, story)
	steps.record_deposit(people, story)


def test_entering_into_production(meet: Meeting) -> None:
	people, story = meet("zh"), prepared.contract_effective()
	steps.translate(people, story)
	steps.audit(people, story)
	steps.confirm_and_release(people, story)
	steps.open_what_was_made(people, story)
