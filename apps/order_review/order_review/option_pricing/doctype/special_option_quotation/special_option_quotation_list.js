frappe.listview_settings["Special Option Quotation"] = {
	add_fields: ["is_chosen", "is_withdrawn"],
	get_indicator(doc) {
		if (doc.is_withdrawn) return [__("Withdrawn", null, "Order Review"), "gray", "is_withdrawn,=,1"];
		if (doc.is_chosen) return [__("Chosen"), "green", "is_chosen,=,1"];
		return [__("Offered"), "blue", "is_chosen,=,0"];
	},
};
