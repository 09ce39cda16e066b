frappe.query_reports["Price History"] = {
	filters: [
		{ fieldname: "model", label: __("Vehicle Model"), fieldtype: "Link", options: "Vehicle Model", reqd: 1 },
		{ fieldname: "option", label: __("Vehicle Option"), fieldtype: "Link", options: "Vehicle Option" },
	],

};
