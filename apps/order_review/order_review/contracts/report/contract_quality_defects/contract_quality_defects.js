frappe.query_reports["Contract Quality Defects"] = {
	filters: [
		{ fieldname: "from_month", label: __("From Month"), fieldtype: "Data" },
		{ fieldname: "to_month", label: __("To Month"), fieldtype: "Data" },
		{ fieldname: "market_department", label: __("Market Department"), fieldtype: "Autocomplete" },
		{ fieldname: "sales_person", label: __("Salesperson"), fieldtype: "Autocomplete" },
	],
	onload(report) {
		order_review.fill_choices(report);
		if (report.get_filter_value("from_month") || report.get_filter_value("to_month")) return;
		return frappe.xcall("order_review.api.quality.usual_months").then((months) => report.set_filter_value(months));
	},
};
