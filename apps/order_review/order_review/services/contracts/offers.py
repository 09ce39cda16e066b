"""What the form of a contract offers beside the steps of its workflow, each with the check its call begins with."""

from __future__ import annotations

from order_review.services import conditions, technical_issues
from order_review.services.contracts import authority, deposits, signing
from order_review.services.quality import assessment

OFFERS = {
	"decide_price": authority.check_decide,
	"log_seal": signing.check_sealable,
	"confirm_deposit": deposits.check_confirmable,
	"look_at_quality": assessment.check_look,
	"ask_question": technical_issues.check_ask,
	"take_over": technical_issues.check_take_over,
	"add_condition": conditions.check_add,
}
