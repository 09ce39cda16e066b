frappe.query_reports["Stock Order Age"] = {
	filters: [
		{ fieldname: "model", label: __("Vehicle Model"), fieldtype: "Link", options: "Vehicle Model" },
		{ fieldname: "market_department", label: __("Market Department"), fieldtype: "Autocomplete" },
		{ fieldname: "older_than", label: __("Older Than (Days)"), fieldtype: "Int" },
	],

	onload: (report) => order_review.fill_choices(report),
};
