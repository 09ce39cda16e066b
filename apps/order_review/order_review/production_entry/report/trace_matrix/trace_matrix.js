frappe.query_reports["Trace Matrix"] = {
	filters: [
		{ fieldname: "production_configuration", label: __("Production Configuration"), fieldtype: "Link", options: "Production Configuration", reqd: 1 },
		{ fieldname: "unexplained", label: __("Not Explained"), fieldtype: "Check" },
	],
};
