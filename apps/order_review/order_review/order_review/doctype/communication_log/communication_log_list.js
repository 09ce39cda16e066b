frappe.listview_settings["Communication Log"] = {
	add_fields: ["channel", "follow_up_on", "is_done"],
	formatters: {
		channel: (value) => __(value || "", null, "Communication Log"),
	},
	get_indicator(doc) {
		if (!doc.follow_up_on || doc.is_done) return [__("Done", null, "Order Review"), "gray", "is_done,=,1"];
		const late = doc.follow_up_on < frappe.datetime.get_today();
		return [__("Follow Up On") + " " + frappe.datetime.str_to_user(doc.follow_up_on), late ? "red" : "orange", `follow_up_on,=,${doc.follow_up_on}`];
	},
};
