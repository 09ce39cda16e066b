app_name = "order_review"
app_title = "Order Review"
app_publisher = "Order Review contributors"
app_description = "Order review for a maker of configured vehicles"
app_email = "order-review@example.com"
app_license = "GPL-3.0-or-later"
required_apps = ["erpnext"]

# The way in after login: with another app beside it that stands on the Desk, each user's own first page opens
add_to_apps_screen = [
	{
		"name": "order_review",
		"logo": "/assets/order_review/images/order_review.svg",
		"title": "Order Review",
		"route": "/app",
		"has_permission": "order_review.services.workplace.desk.works_here",
	}
]

# Site life
before_install = "order_review.install.before_install"
after_install = "order_review.install.after_install"
before_migrate = "order_review.migrate.before_migrate"
after_migrate = "order_review.migrate.after_migrate"
before_uninstall = "order_review.uninstall.before_uninstall"

# Permissions: conditions on lists, and the same for single documents
permission_query_conditions = {
	"Intent Order": "order_review.permissions.intent_order_query",
	"Intent Order Option": "order_review.permissions.order_row_query",
	"Intent Order Special": "order_review.permissions.order_row_query",
	"Intent Order Policy": "order_review.permissions.order_row_query",
	"Intent Order Service": "order_review.permissions.order_row_query",
	"Intent Order Evidence": "order_review.permissions.order_row_query",
	"Intent Order Livery File": "order_review.permissions.order_row_query",
	"Intent Order Finding": "order_review.permissions.order_row_query",
	"Intent Order Round": "order_review.permissions.order_row_query",
	"Intent Order Condition": "order_review.permissions.order_row_query",
	"Review Task": "order_review.permissions.review_task_query",
	"Technical Issue": "order_review.permissions.technical_issue_query",
	"Delivery Date Commitment": "order_review.permissions.delivery_commitment_query",
	"Delivery Lot": "order_review.permissions.commitment_row_query",
	"Delivery Week": "order_review.permissions.commitment_row_query",
	"Delivery Date Proposal": "order_review.permissions.commitment_row_query",
	"Customer Requirement Record": "order_review.permissions.own_or_department_query",
	"Communication Log": "order_review.permissions.own_or_department_query",
	"Exception Report": "order_review.permissions.exception_report_query",
	"Configuration Enquiry": "order_review.permissions.enquiry_query",
	"Satisfaction Rating": "order_review.permissions.satisfaction_query",
	"Review Condition": "order_review.permissions.review_condition_query",
	"Intent Order Price Review": "order_review.permissions.price_review_query",
	"Special Option Request": "order_review.permissions.special_option_query",
	"Special Option Price": "order_review.permissions.special_option_row_query",
	"Contract Quality Assessment": "order_review.permissions.quality_query",
	"Contract Quality Defect": "order_review.permissions.quality_row_query",
	"Monthly Quality Score": "order_review.permissions.quality_query",
	"Work Quality Record": "order_review.permissions.work_quality_query",
	"Livery Design": "order_review.permissions.by_department_query",
	"Production Milestone": "order_review.permissions.by_department_query",
	"Coordination Item": "order_review.permissions.by_department_query",
	"Expedite Request": "order_review.permissions.by_department_query",
	"Livery Design Colour": "order_review.permissions.livery_row_query",
	"Livery Design View": "order_review.permissions.livery_row_query",
	"Production Configuration": "order_review.permissions.production_query",
	"Blind Translation": "order_review.permissions.blind_query",
	"Blind Translation Line": "order_review.permissions.blind_row_query",
	"Production Configuration Line": "order_review.permissions.production_row_query",
	"Production Configuration Option": "order_review.permissions.production_row_query",
	"Production Configuration Special": "order_review.permissions.production_row_query",
	"Production Configuration Check": "order_review.permissions.production_row_query",
	"Sales Contract": "order_review.permissions.by_department_query",
	"Sales Contract Line": "order_review.permissions.contract_row_query",
	"Sales Contract Option": "order_review.permissions.contract_row_query",
	"Sales Contract Special": "order_review.permissions.contract_row_query",
	"Sales Contract Claim": "order_review.permissions.contract_row_query",
	"Sales Contract Payment": "order_review.permissions.contract_row_query",
	"Sales Contract Finding": "order_review.permissions.contract_row_query",
	"Sales Contract Round": "order_review.permissions.contract_row_query",
	"Sales Contract Print": "order_review.permissions.contract_row_query",
	"Sales Contract Seal": "order_review.permissions.contract_row_query",
	"Document Event": "order_review.permissions.document_event_query",
	"File": "order_review.services.files.rights.file_query",
}
has_permission = {
	"File": "order_review.services.files.rights.file_permission",
	"Production Configuration": "order_review.permissions.production_permission",
	"Blind Translation": "order_review.permissions.blind_permission",
	"Sales Contract": "order_review.permissions.by_department_permission",
	"Livery Design": "order_review.permissions.by_department_permission",
	"Production Milestone": "order_review.permissions.by_department_permission",
	"Coordination Item": "order_review.permissions.by_department_permission",
	"Expedite Request": "order_review.permissions.by_department_permission",
	"Contract Quality Assessment": "order_review.permissions.quality_permission",
	"Monthly Quality Score": "order_review.permissions.quality_permission",
	"Work Quality Record": "order_review.permissions.work_quality_permission",
	"Intent Order": "order_review.permissions.intent_order_permission",
	"Review Task": "order_review.permissions.review_task_permission",
	"Technical Issue": "order_review.permissions.review_task_permission",
	"Delivery Date Commitment": "order_review.permissions.by_department_permission",
	"Customer Requirement Record": "order_review.permissions.own_or_department_permission",
	"Communication Log": "order_review.permissions.own_or_department_permission",
	"Exception Report": "order_review.permissions.exception_report_permission",
	"Configuration Enquiry": "order_review.permissions.enquiry_permission",
	"Satisfaction Rating": "order_review.permissions.satisfaction_permission",
	"Review Condition": "order_review.permissions.review_task_permission",
	"Intent Order Price Review": "order_review.permissions.price_review_permission",
	"Special Option Request": "order_review.permissions.special_option_permission",
}

# Desk
app_include_js = "order_review.bundle.js"
app_include_css = "order_review.bundle.css"
extend_bootinfo = "order_review.services.workplace.desk.extend_bootinfo"
notification_config = "order_review.services.workplace.desk.notification_config"
doctype_js = {
	"Sales Order": "public/js/bound_sales_order.js",
	"Intent Order": [
		"public/js/intent_order_configurator.js",
		"public/js/intent_order_specials.js",
		"public/js/intent_order_delivery.js",
		"public/js/intent_order_contract.js",
	],
	"Sales Contract": [
		"public/js/sales_contract_fulfilment.js",
		"public/js/contract_quality.js",
	],
}

# What a release made in ERPNext follows its contract
_BOUND = "order_review.services.production.bound_orders"
_FOLLOW_UP = "order_review.services.fulfilment.follow_up"
_BOOKED = ("on_submit", "on_cancel")
_ENDINGS = ("before_cancel", "before_discard", "on_trash", "before_rename")
_ROW_EVENTS = (
	"before_insert",
	"before_validate",
	"before_update_after_submit",
	"before_cancel",
	"before_discard",
	"on_trash",
)
_COUNTED = (
	"Business Policy",
	"Catalogue Settings",
	"Contract Quality Assessment",
	"Coordination Item",
	"Customer Requirement Record",
	"Delivery Date Commitment",
	"Expedite Request",
	"Intent Order",
	"Livery Design",
	"Option Family",
	"Order Review Settings",
	"Production Milestone",
	"Special Option Cost",
	"Special Option Quotation",
	"Special Option Request",
	"Vehicle Option",
)
_WHOLE = {"before_validate": "order_review.services.whole_numbers.refuse_fractions"}
_ORDER_ROWS = (
	"Sales Order Item",
	"Sales Taxes and Charges",
	"Sales Team",
	"Payment Schedule",
	"Packed Item",
	"Pricing Rule Detail",
)
doc_events = {
	"*": {
		"before_validate": "order_review.services.plausible.check",
		"validate": [
			"order_review.services.foreign_rows.check",
			"order_review.services.files.attach_fields.check",
			"order_review.services.plain_text.check",
		],
	},
	"Comment": {"validate": "order_review.services.comments.check"},
	"Prepared Report": {"before_insert": "order_review.services.prepared_reports.check"},
	"Sales Order": {
		"before_validate": f"{_BOUND}.before_validate_order",
		"before_update_after_submit": f"{_BOUND}.before_update_submitted_order",
		"before_change": f"{_BOUND}.before_change_order",
		**dict.fromkeys(_ENDINGS, f"{_BOUND}.refuse_ending_order"),
	},
	"Item": {
		"before_validate": f"{_BOUND}.before_validate_item",
		"before_rename": f"{_BOUND}.refuse_merging_item",
		"on_trash": f"{_BOUND}.refuse_ending_item",
	},
	"BOM": {
		**dict.fromkeys(("before_validate", "before_update_after_submit"), f"{_BOUND}.before_validate_bom"),
		"before_change": f"{_BOUND}.before_change_bom",
		**dict.fromkeys(_ENDINGS, f"{_BOUND}.refuse_ending_bom"),
	},
	"Payment Entry": {
		"validate": "order_review.services.contracts.deposits.check_payment",
		"before_cancel": "order_review.services.contracts.deposits.lock_contract",
		"on_submit": [
			"order_review.services.contracts.deposits.payment_changed",
			f"{_FOLLOW_UP}.after_payment",
		],
		"on_cancel": [
			"order_review.services.contracts.deposits.payment_changed",
			f"{_FOLLOW_UP}.after_payment",
		],
	},
	"User": {
		"validate": [
			"order_review.services.qualifications.check_roles",
			"order_review.services.administrators.check_own_roles",
		],
		"on_update": "order_review.services.delegations.user_changed",
		"after_rename": "order_review.services.renamed_users.after_rename",
	},
	"Custom DocPerm": {"validate": "order_review.services.administrators.check_permission_row"},
	"ToDo": {"validate": "order_review.services.assigned_tasks.check"},
	"Email Queue": {"after_insert": "order_review.services.print_files.print_attachments"},
	"Sales Contract": {"on_trash": "order_review.services.small_records.forget", **_WHOLE},
	"Review Condition": {"on_update": "order_review.services.contracts.effect.condition_changed"},
	"Vehicle Model": {"on_update": "order_review.services.contracts.effect.model_changed", **_WHOLE},
	"Delivery Note": {
		"before_submit": f"{_FOLLOW_UP}.check_conditions",
		**dict.fromkeys(_BOOKED, f"{_FOLLOW_UP}.after_delivery"),
	},
	"Sales Invoice": dict.fromkeys(_BOOKED, f"{_FOLLOW_UP}.after_invoice"),
	"BOM Item": dict.fromkeys(_ROW_EVENTS, f"{_BOUND}.refuse_bom_row"),
	**{row: dict.fromkeys(_ROW_EVENTS, f"{_BOUND}.refuse_row") for row in _ORDER_ROWS},
	**dict.fromkeys(_COUNTED, _WHOLE),
}

# Clocks
scheduler_events = {
	"cron": {
		"* * * * *": ["order_review.services.outbox.send_waiting"],
		"*/15 * * * *": ["order_review.services.reminders.run"],
	},
	"hourly": ["order_review.services.exception_reports.watch_deadlines"],
	"daily": [
		"order_review.services.fulfilment.milestones.tell_overdue",
		"order_review.services.fulfilment.coordination.remind",
		"order_review.services.certificate_watch.watch_certificates",
		"order_review.services.intent_steps.expire_orders",
		"order_review.services.special_options.expire_requests",
		"order_review.services.price_release.switch_over",
		"order_review.services.contracts.effect.retry_all",
		"order_review.services.contracts.steps.progress_all",
		"order_review.services.outbox.clear_old",
		"order_review.services.digest.send_due",
		"order_review.services.quality.months.close_due",
		"order_review.services.working_calendar.watch",
	],
	"daily_long": ["order_review.services.verify.checker.nightly"],
}

# Prints
pdf_generator = "order_review.services.print_pdf.pdf_generator"
pdf_body_html = "order_review.services.print_pdf.body_html"
jinja = {
	"methods": [
		"order_review.services.fulfilment.livery_sheet.livery_confirmation_sheet",
		"order_review.services.price_notice.special_option_notice",
		"order_review.services.contracts.sheet.sales_contract_sheet",
		"order_review.services.delivery_sheet.delivery_commitment_sheet",
		"order_review.services.production.sheet.production_configuration_sheet",
		"order_review.services.review_sheet.intent_order_review_sheet",
		"order_review.services.quality.quality_sheet.contract_quality_sheet",
	]
}

# Doors: what a dealer's users may reach at all, and what may not be done by opening a link
before_request = ["order_review.services.bad_requests.check", "order_review.services.comments.note"]
auth_hooks = [
	"order_review.gate.guard_request",
	"order_review.services.doors.check",
	"order_review.calls.refuse_incomplete",
]
on_login = "order_review.gate.lead_home"
order_review_portal_pages = ["/dealer", "/dealer/<name>"]

# Portal: an address of its own, beside ERPNext's pages for customers and suppliers
page_renderer = ["order_review.portal_page.PortalPage"]
website_route_rules = [{"from_route": "/dealer/<name>", "to_route": "dealer/order"}]

after_request = ["order_review.services.files.serving.mark", "order_review.services.bad_requests.answer"]
override_doctype_class = {"File": "order_review.overrides.kept_file.KeptFile"}
override_whitelisted_methods = {
	"frappe.model.workflow.apply_workflow": "order_review.api.workflow.apply_workflow",
	"frappe.model.workflow.get_transitions": "order_review.api.workflow.get_transitions",
	"frappe.model.workflow.get_common_transition_actions": "order_review.api.workflow.get_common_transition_actions",
	"frappe.model.workflow.bulk_workflow_approval": "order_review.api.workflow.bulk_workflow_approval",
	"frappe.utils.print_format.download_pdf": "order_review.api.printing.download_pdf",
	"frappe.utils.print_format.download_multi_pdf": "order_review.api.printing.download_multi_pdf",
	"frappe.utils.print_format.download_multi_pdf_async": "order_review.api.printing.download_multi_pdf_async",
}
