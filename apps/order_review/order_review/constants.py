"""Names the app uses in several places. Plain data only."""

ROLES = {
	"SP": ("Salesperson", "业务员"),
	"DL": ("Dealer", "经销商"),
	"MM": ("Market Department Manager", "市场部经理"),
	"IC": ("Intent Clerk", "意向订单信息员"),
	"OA": ("Order Administrator", "订单管理员"),
	"CA": ("Contract Administrator", "合同管理员"),
	"AU": ("Configuration Auditor", "订单配置审核员"),
	"LS": ("Livery Support", "图案支持员"),
	"OS": ("Order Supervisor", "订单主管"),
	"SM": ("Sales Operations Manager", "销售业务部经理"),
	"TR": ("Technical Reviewer", "订单技术评审员"),
	"FR": ("Finance Reviewer", "订单财务评审员"),
	"PL": ("Planning Reviewer", "综合计划评审员"),
	"SU": ("Supply Reviewer", "供应评审员"),
	"MP": ("Marketing Planner", "营销企划员"),
	"MG": ("Market Management Officer", "市场管理员"),
	"QA": ("Quality Reviewer", "品质评审员"),
	"CS": ("Service Reviewer", "客户服务评审员"),
	"PM": ("Production Management Reviewer", "生管评审员"),
	"VP": ("Marketing VP", "营销副总"),
	"PC": ("Price Committee", "价格委员会"),
	"KM": ("Catalogue Manager", "配置库管理员"),
}
"""Code → role name, Chinese name."""

PORTAL_ROLES = frozenset({"DL"})
"""Roles of website users: no desk, no DocPerm."""

OWN_DEPARTMENT_ROLES = frozenset({"Salesperson", "Market Department Manager"})
"""Roles that see the orders of their own market departments only."""


def role_names(codes: str) -> frozenset[str]:
	"""Role names for codes written with blanks between them."""
	return frozenset(ROLES[code][0] for code in codes.split())


FLOOR_READERS = role_names("OA OS SM FR MP VP PC")
COST_READERS = role_names("FR MP VP PC")
PRODUCTION_READERS = role_names("OA CA AU LS OS SM TR PL QA PM VP KM")

INTENT_ORDER = "Intent Order"
PRICE_REVIEW = "Intent Order Price Review"
ORDER_COST = "Intent Order Cost"
REVIEW_TASK = "Review Task"
REVIEW_REASON = "Review Reason"
REVIEW_CONDITION = "Review Condition"
DELEGATION = "Delegation"
TECHNICAL_ISSUE = "Technical Issue"
OUTBOX_MESSAGE = "Outbox Message"
DELIVERY_COMMITMENT = "Delivery Date Commitment"
REQUIREMENT_RECORD = "Customer Requirement Record"
COMMUNICATION_LOG = "Communication Log"
EXCEPTION_REPORT = "Exception Report"
CONFIGURATION_ENQUIRY = "Configuration Enquiry"
TRAINING_SESSION = "Training Session"
QUALIFICATION_RECORD = "Qualification Record"
SATISFACTION_RATING = "Satisfaction Rating"
SPECIAL_REQUEST = "Special Option Request"
SPECIAL_QUOTATION = "Special Option Quotation"
SPECIAL_DEVELOPMENT = "Special Option Development Cost"
SPECIAL_COST = "Special Option Cost"
SPECIAL_FLOOR = "Special Option Floor"
SPECIAL_PRICE = "Special Option Price"
SPECIAL_RELEASED_COST = "Special Option Released Cost"
PRICE_APPROVAL = "Price Approval"
SALES_CONTRACT = "Sales Contract"
PRODUCTION_CONFIGURATION = "Production Configuration"
PRODUCTION_CHECK = "Production Configuration Check"
BLIND_TRANSLATION = "Blind Translation"
LIVERY_DESIGN = "Livery Design"
PRODUCTION_MILESTONE = "Production Milestone"
COORDINATION_ITEM = "Coordination Item"
EXPEDITE_REQUEST = "Expedite Request"
CONTRACT_PRICE_REVIEW = "Contract Price Review"
QUALITY_ASSESSMENT = "Contract Quality Assessment"
CONFIDENTIAL_DEFECT = "Confidential Quality Defect"
QUALITY_MONTH = "Quality Month"
MONTHLY_SCORE = "Monthly Quality Score"
WORK_QUALITY = "Work Quality Record"
DEALER_ORGANISATION = "Dealer Organisation"
CATALOGUE_SETTINGS = "Catalogue Settings"
REVIEW_SETTINGS = "Order Review Settings"

CONFIDENTIAL = frozenset(
	{
		"Price Book Floor",
		"Price Book Cost",
		"Price Book Option Floor",
		"Price Book Option Cost",
		"Price Rehearsal",
		SPECIAL_FLOOR,
		SPECIAL_COST,
		SPECIAL_RELEASED_COST,
		SPECIAL_QUOTATION,
		SPECIAL_DEVELOPMENT,
		PRICE_REVIEW,
		ORDER_COST,
		CONTRACT_PRICE_REVIEW,
		CONFIDENTIAL_DEFECT,
		PRICE_APPROVAL,
	}
)
"""DocTypes floor and cost prices, and what tells them, are kept in; no role gets a right beyond their JSON."""

MODULES = ("Order Review", "Vehicle Catalogue", "Option Pricing", "Contracts", "Production Entry")

_BOUND = {"read_only": 1, "no_copy": 1, "search_index": 1, "print_hide": 1}
"""Written by the release of a contract line alone; a copy of the document belongs to no contract."""

CUSTOM_FIELDS = {
	"ToDo": [
		{
			"fieldname": "order_review_section",
			"fieldtype": "Section Break",
			"label": "Order Review",
			"insert_after": "assignment_rule",
			"depends_on": "is_assigned_task",
		},
		{
			"fieldname": "is_assigned_task",
			"fieldtype": "Check",
			"label": "Assigned Task",
			"insert_after": "order_review_section",
			"read_only": 1,
			"in_standard_filter": 1,
		},
		{
			"fieldname": "task_result",
			"fieldtype": "Small Text",
			"label": "Result",
			"insert_after": "is_assigned_task",
			"description": "Needed to close an assigned task",
		},
	],
	"Customer": [
		{
			"fieldname": "order_review_section",
			"fieldtype": "Section Break",
			"label": "Order Review",
			"insert_after": "market_segment",
			"collapsible": 1,
		},
		{
			"fieldname": "customer_class",
			"fieldtype": "Select",
			"label": "Customer Class",
			"options": "\nnormal\nkey_account\ninternal",
			"insert_after": "order_review_section",
		},
		{
			"fieldname": "customer_info_verified",
			"fieldtype": "Check",
			"label": "Customer Data Verified",
			"insert_after": "customer_class",
		},
		{
			"fieldname": "customer_blacklisted",
			"fieldtype": "Check",
			"label": "Blacklisted",
			"insert_after": "customer_info_verified",
		},
	],
	"Department": [
		{
			"fieldname": "department_code",
			"fieldtype": "Data",
			"label": "Department Code",
			"insert_after": "department_name",
			"description": "Code of the department in routing, findings and order files",
		},
		{
			"fieldname": "department_name_en",
			"fieldtype": "Data",
			"label": "English Name",
			"insert_after": "department_code",
		},
		{
			"fieldname": "is_market_department",
			"fieldtype": "Check",
			"label": "Market Department",
			"insert_after": "department_name_en",
		},
	],
	"Sales Person": [
		{
			"fieldname": "market_department",
			"fieldtype": "Link",
			"label": "Market Department",
			"options": "Department",
			"insert_after": "employee",
		},
	],
	"Payment Entry": [
		{
			"fieldname": "sales_contract",
			"fieldtype": "Link",
			"label": "Sales Contract",
			"options": SALES_CONTRACT,
			"insert_after": "party_name",
			"search_index": 1,
		},
	],
	"Sales Order": [
		{
			"fieldname": "order_review_section",
			"fieldtype": "Section Break",
			"label": "Sales Contract",
			"insert_after": "amended_from",
			"depends_on": "sales_contract",
		},
		{
			"fieldname": "sales_contract",
			"fieldtype": "Link",
			"label": "Sales Contract",
			"options": SALES_CONTRACT,
			"insert_after": "order_review_section",
			**_BOUND,
		},
		{
			"fieldname": "contract_line",
			"fieldtype": "Int",
			"label": "Contract Line",
			"insert_after": "sales_contract",
			**_BOUND,
		},
		{
			"fieldname": "order_review_column",
			"fieldtype": "Column Break",
			"label": "",
			"insert_after": "contract_line",
		},
		{
			"fieldname": "production_configuration",
			"fieldtype": "Link",
			"label": "Production Configuration",
			"options": PRODUCTION_CONFIGURATION,
			"insert_after": "order_review_column",
			**_BOUND,
		},
		{
			"fieldname": "order_kind",
			"fieldtype": "Data",
			"label": "Order Kind",
			"insert_after": "production_configuration",
			**_BOUND,
		},
	],
	"Item": [
		{
			"fieldname": "order_review_section",
			"fieldtype": "Section Break",
			"label": "Configured Vehicle",
			"insert_after": "brand",
			"depends_on": "production_configuration",
		},
		{
			"fieldname": "vehicle_model",
			"fieldtype": "Link",
			"label": "Vehicle Model",
			"options": "Vehicle Model",
			"insert_after": "order_review_section",
			**_BOUND,
		},
		{
			"fieldname": "model_item",
			"fieldtype": "Link",
			"label": "Item of the Model",
			"options": "Item",
			"insert_after": "vehicle_model",
			**_BOUND,
		},
		{
			"fieldname": "order_review_column",
			"fieldtype": "Column Break",
			"label": "",
			"insert_after": "model_item",
		},
		{
			"fieldname": "sales_contract",
			"fieldtype": "Link",
			"label": "Sales Contract",
			"options": SALES_CONTRACT,
			"insert_after": "order_review_column",
			**_BOUND,
		},
		{
			"fieldname": "production_configuration",
			"fieldtype": "Link",
			"label": "Production Configuration",
			"options": PRODUCTION_CONFIGURATION,
			"insert_after": "sales_contract",
			**_BOUND,
		},
	],
}
"""Fields the app adds to ERPNext's DocTypes; one list for install, migrate and uninstall."""
