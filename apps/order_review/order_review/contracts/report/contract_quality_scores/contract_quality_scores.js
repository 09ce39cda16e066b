frappe.query_reports["Contract Quality Scores"] = {
	filters: [
		{ fieldname: "from_month", label: __("From Month"), fieldtype: "Data" },
		{ fieldname: "to_month", label: __("To Month"), fieldtype: "Data" },
		{
			fieldname: "kind",
			label: __("Kind"),
			fieldtype: "Select",
			options: ["Salesperson", "Market Department"].map((value) => ({ value, label: __(value, null, "Monthly Quality Score") })),
			default: "Salesperson",
		},
	],
	onload(report) {
		if (report.get_filter_value("from_month") || report.get_filter_value("to_month")) return;
		return frappe.xcall("order_review.api.quality.usual_months").then((months) => report.set_filter_value(months));
	},
};
