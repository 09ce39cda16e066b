"""Names of the codes that stand on a contract, in the user's language, for its form."""

from __future__ import annotations

from frappe.model.document import Document

from order_review import glossary
from order_review.glossary import say
from order_review.services import catalogue_store, diffs
from order_review.services.contracts.lines import POLICY, SERVICE


def of_contract(contract: Document) -> dict[str, str]:
	"""Code → name of its findings, their departments, option families, policies and services."""
	lang, catalogue = diffs.language(), catalogue_store.current()
	found = {row.code: say(glossary.FINDINGS, row.code, lang) for row in contract.findings}
	found |= {row.department: say(glossary.DEPARTMENTS, row.department, lang) for row in contract.findings}
	for known, codes in (
		(catalogue.families, {row.family for row in contract.options}),
		(catalogue.policies, {row.entry for row in contract.claims if row.kind == POLICY}),
	):
		for code in codes & set(known):
			found[code] = known[code].name_zh if lang == "zh" else known[code].name_en
	services = {row.entry for row in contract.claims if row.kind == SERVICE}
	return found | {code: say(glossary.SERVICES, code, lang) for code in services & set(glossary.SERVICES)}
