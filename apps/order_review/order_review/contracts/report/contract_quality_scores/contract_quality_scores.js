frappe.query_reports["Contract Quality Scores"] = {
	filters: [
		{ fieldname: "from_month", label: __("From Month"), fieldtype: "Data", default: frappe.datetime.get_today().slice(0, 7) },
		{ fieldname: "to_month", label: __("To Month"), fieldtype: "Data", default: frappe.datetime.get_today().slice(0, 7) },
		{
			fieldname: "kind",
			label: __("Kind"),
			fieldtype: "Select",
			options: ["Salesperson", "Market Department"].map((value) => ({ value, label: __(value, null, "Monthly Quality Score") })),
			default: "Salesperson",
		},
	],
};
