frappe.listview_settings["Customer Requirement Record"] = {
	formatters: {
		use: (value) => __(value || "", null, "Customer Requirement Record"),
	},
};
