frappe.query_reports["Price History"] = {
	filters: [
		{ fieldname: "model", label: __("Vehicle Model"), fieldtype: "Link", options: "Vehicle Model", reqd: 1 },
		{ fieldname: "option", label: __("Vehicle Option"), fieldtype: "Link", options: "Vehicle Option" },
	],

	formatter(value, row, column, data, default_formatter) {
		if (column.fieldname === "status") return __(value || "", null, "Price Book");
		return default_formatter(value, row, column, data);
	},
};
