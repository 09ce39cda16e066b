"""From a new order to the Sales Order and the BOM, by clicks and typing alone, everybody with the rights of the sample users."""

from __future__ import annotations

import pytest

from tests.browser.journeys import steps
from tests.browser.journeys.conftest import Meeting
from tests.browser.journeys.story import Story

JOURNEY = (
	steps.enter_order,
	steps.ask_for_special,
	steps.complete_order,
	steps.receive_order,
	steps.order_opinions,
	steps.check_special,
	steps.quote_special,
	steps.price_special,
	steps.approve_price,
	steps.make_contract,
	steps.review_contract,
	steps.sign_contract,
	steps.seal_contract,
	steps.record_deposit,
	steps.translate,
	steps.audit,
	steps.confirm_and_release,
	steps.open_what_was_made,
)


@pytest.mark.long
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_main_journey(meet: Meeting, lang: str) -> None:
	people, story = meet(lang), Story()
	for step in JOURNEY:
		step(people, story)
