"""Who may do what with which document: the matrix of the specification (DOMAIN 3) in rights of the DocTypes.

Read may bring print and report with it. Who creates also writes, since Frappe's form of a new document is read only to
who does not; what may be written when, the guard says. Dealers have no rights at all:
the portal's own functions serve them. A (act, approve) of the matrix is a step of a process, not a right.
"""

from __future__ import annotations

from dataclasses import dataclass

ALL = "SP MM IC OA CA AU LS OS SM TR FR PL SU MP MG QA CS PM VP PC KM"
PRODUCTION = "OA CA AU LS OS SM TR PL QA PM VP KM"
LIST_PRICES = "SP MM OA CA AU OS SM FR SU MP MG VP PC KM"
FLOOR = "OA OS SM FR MP VP PC"
COST = "FR MP VP PC"


@dataclass(frozen=True)
class Row:
	"""Codes of the roles with each right; ``admin`` are the rights of the System Manager."""

	read: str
	create: str = ""
	write: str = ""
	delete: str = ""
	admin: str = ""


_MASTER = "read create write delete"
_CATALOGUE = Row(ALL, create="TR KM", write="TR KM", admin=_MASTER)
_TRANSLATION = Row(PRODUCTION, create="TR KM", write="TR KM", admin=_MASTER)

MATRIX = {
	"Livery Design": Row("SP MM OA CA AU LS OS SM PL PM", create="SP LS", write="SP LS"),
	"Production Milestone": Row("SP MM OA CA AU LS OS SM TR PL SU QA PM VP", write="PL PM"),
	"Coordination Item": Row(
		"SP MM OA CA AU LS OS SM TR FR PL SU QA CS PM VP",
		create="OA LS OS SM PL SU QA CS PM",
		write="SP MM OA CA AU LS OS SM TR FR PL SU QA CS PM VP",
	),
	"Expedite Request": Row("OA OS SM PL SU PM", create="OA OS PL", write="OA OS PL SU"),
	"Vehicle Model": _CATALOGUE,
	"Option Family": _CATALOGUE,
	"Vehicle Option": _CATALOGUE,
	"Configuration Rule": _CATALOGUE,
	"Production Slot": _TRANSLATION,
	"Translation Rule": _TRANSLATION,
	"Catalogue Settings": Row(ALL, write="TR KM MP", admin="read create write"),
	"Order Review Settings": Row("OA OS AU SM MG KM", write="OS", admin="read create write"),
	"Price Book": Row(LIST_PRICES, create="MP", write="MP", delete="MP", admin=_MASTER),
	"Price Book Option": Row(LIST_PRICES, create="MP", write="MP", delete="MP"),
	"Price Book Floor": Row(FLOOR, create="MP", write="MP"),
	"Price Book Option Floor": Row(FLOOR, create="MP", write="MP", delete="MP"),
	"Price Book Cost": Row(COST, create="MP", write="MP"),
	"Price Book Option Cost": Row(COST, create="MP", write="MP", delete="MP"),
	"Business Policy": Row(
		"SP MM OA CA AU OS SM FR MP MG VP PC", create="SM MP", write="SM MP", delete="SM MP", admin=_MASTER
	),
	"Special Option Request": Row(
		"SP MM OA CA AU OS SM TR FR SU MP QA PM VP PC KM",
		create="SP OA",
		write="SP OA OS SM TR FR SU MP VP PC",
	),
	"Special Option Quotation": Row(f"SU {COST}", create="SU", write="SU"),
	"Special Option Development Cost": Row(f"TR {COST}", create="TR", write="TR"),
	"Special Option Cost": Row(COST, create="MP", write="MP FR"),
	"Special Option Floor": Row(FLOOR),
	"Intent Order": Row(ALL, create="SP IC", write="SP IC OA OS SM", admin="read"),
	"Review Task": Row("SP MM OA CA AU LS OS SM TR FR PL SU MP MG QA CS PM VP PC"),
	"Delivery Date Commitment": Row(
		"SP MM OA CA AU OS SM PL SU PM VP", create="OA OS PL", write="SP OA OS PL PM"
	),
	"Review Condition": Row("SP MM OA CA AU LS OS SM TR FR PL SU MP MG QA CS PM VP PC"),
	"Delegation": Row(ALL, create=ALL, write=ALL),
	"Technical Issue": Row(
		"SP MM OA CA AU OS SM TR QA PM VP KM", create="OA TR QA PM", write="SP OA OS TR QA PM"
	),
	"Outbox Message": Row("OS", admin="read delete"),
	"Customer Requirement Record": Row(
		"SP IC MM OA CA AU OS SM TR PL MP MG QA CS PM VP", create="SP OA", write="SP OA"
	),
	"Communication Log": Row(
		"SP MM IC OA CA AU LS OS SM TR FR PL SU MP MG QA CS PM VP PC",
		create="SP MM OA CA AU LS OS SM TR FR PL SU MP MG QA CS PM VP",
		write="SP MM OA CA AU LS OS SM TR FR PL SU MP MG QA CS PM VP",
	),
	"Exception Report": Row(
		"OA CA AU LS OS SM TR FR PL SU MP MG QA CS PM VP",
		create="OA CA AU LS OS SM TR FR PL SU MP MG QA CS PM VP",
		write="OA CA AU LS OS SM TR FR PL SU MP MG QA CS PM VP",
	),
	"Configuration Enquiry": Row(
		"SP MM IC OA CA AU OS SM TR PL SU MP MG QA CS PM VP KM",
		create="SP MM OA OS TR",
		write="SP MM OA OS TR AU KM",
	),
	"Training Session": Row(
		"OA OS TR MG SM VP MM AU CA KM", create="OA OS TR", write="OA OS TR", delete="OA OS"
	),
	"Qualification Record": Row("OS SM OA MG VP", create="OS SM", write="OS SM", admin="read"),
	"Satisfaction Rating": Row("SP MM OA OS SM MG VP"),
	"Review Reason": Row(ALL, create="OS", write="OS", admin="read"),
	"Intent Order Price Review": Row(FLOOR),
	"Intent Order Cost": Row(COST),
	"Price Approval": Row(FLOOR),
	"Sales Contract": Row(
		"SP MM OA CA AU LS OS SM TR FR PL MP MG CS PM VP PC",
		create="SP",
		write="SP OA OS SM CA AU FR",
		admin="read",
	),
	"Contract Price Review": Row(FLOOR),
	"Price Rehearsal": Row(FLOOR),
	"Policy Adjustment Request": Row("OA OS SM FR MM MP MG VP PC", create="OS SM MP", write="OS SM MP"),
	"Contract Quality Assessment": Row("SP MM OA AU OS SM MG VP", write="SP OA AU OS"),
	"Confidential Quality Defect": Row("OA OS SM VP"),
	"Quality Month": Row("OA AU OS SM MG VP", write="OS MG"),
	"Monthly Quality Score": Row("SP MM OA AU OS SM MG VP"),
	"Production Configuration": Row(PRODUCTION, write="OA CA AU OS"),
	"Blind Translation": Row("AU OA CA OS SM", write="AU"),
	"Dealer Organisation": Row("MG OS SM", create="MG", write="MG"),
	"Work Quality Record": Row("OA CA AU OS SM QA PM VP", create="AU QA PM", write="AU QA PM OS"),
}

FLOOR_FIELDS = {"floor_price", "floor", "approval_level", "below_floor"}
COST_FIELDS = {"cost", "unit_cost", "margin", "margin_pct"}
