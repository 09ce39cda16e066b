frappe.query_reports["Blind Re-check Hit Rate"] = {
	filters: [
		{
			fieldname: "by",
			label: __("By"),
			fieldtype: "Select",
			options: [
				{ value: "translator", label: __("Translator") },
				{ value: "auditor", label: __("Auditor", null, "Order Review") },
				{ value: "model", label: __("Vehicle Model") },
			],
			default: "translator",
		},
		{ fieldname: "from_date", label: __("From"), fieldtype: "Date", default: frappe.datetime.add_months(frappe.datetime.get_today(), -12) },
		{ fieldname: "to_date", label: __("To"), fieldtype: "Date", default: frappe.datetime.get_today() },
	],
};
