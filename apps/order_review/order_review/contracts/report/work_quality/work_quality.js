frappe.query_reports["Work Quality"] = {
	filters: [
		{ fieldname: "from_month", label: __("From Month"), fieldtype: "Data" },
		{ fieldname: "to_month", label: __("To Month"), fieldtype: "Data" },
	],
	onload(report) {
		if (report.get_filter_value("from_month") || report.get_filter_value("to_month")) return;
		return frappe.xcall("order_review.api.quality.usual_months", { until_now: 1 }).then((months) => report.set_filter_value(months));
	},
};
