frappe.listview_settings["Customer Requirement Record"] = {
	add_fields: ["confirmed_on"],
	has_indicator_for_draft: 1,
	formatters: {
		use: (value) => __(value || "", null, "Customer Requirement Record"),
	},
	get_indicator(doc) {
		if (doc.confirmed_on) return [__("Confirmed", null, "Order Review"), "green", "confirmed_on,is,set"];
		return [__("Not Confirmed by the Customer"), "orange", "confirmed_on,is,not set"];
	},
};
