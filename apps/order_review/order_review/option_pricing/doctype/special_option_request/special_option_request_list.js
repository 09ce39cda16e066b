frappe.listview_settings["Special Option Request"] = {
	add_fields: ["status", "due_at", "is_overdue", "valid_to"],
	has_indicator_for_draft: 1,
	formatters: {
		list_price: (value, df, doc) => (value ? format_currency(value) : "–"),
	},
	get_indicator(doc) {
		const colours = {
			Requested: "blue",
			Technical: "cyan",
			Costing: "purple",
			Pricing: "orange",
			"Finance Check": "yellow",
			Priced: "green",
			Refused: "red",
			Expired: "gray",
			Catalogued: "darkgrey",
		};
		const late = doc.due_at && doc.due_at < frappe.datetime.now_datetime();
		const label = late ? `${__(doc.status)} · ${__("Overdue", null, "Order Review")}` : __(doc.status);
		return [label, late ? "red" : colours[doc.status], `status,=,${doc.status}`];
	},
};
