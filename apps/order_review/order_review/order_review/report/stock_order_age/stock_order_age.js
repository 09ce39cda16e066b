frappe.query_reports["Stock Order Age"] = {
	filters: [
		{ fieldname: "model", label: __("Vehicle Model"), fieldtype: "Link", options: "Vehicle Model" },
		{ fieldname: "market_department", label: __("Market Department"), fieldtype: "Link", options: "Department" },
		{ fieldname: "older_than", label: __("Older Than (Days)"), fieldtype: "Int" },
	],

	formatter(value, row, column, data, default_formatter) {
		if (column.fieldname === "status") return frappe.utils.escape_html(__(value || "", null, "Intent Order"));
		if (column.fieldname === "bracket") return value ? __("{0} days", [value]) : "";
		return default_formatter(value, row, column, data);
	},
};
