frappe.listview_settings["Production Configuration"] = {
	add_fields: ["status", "version", "docstatus", "is_overdue", "blind_state", "has_objections", "opinions_joined"],
	has_indicator_for_draft: 1,
	has_indicator_for_cancelled: 1,
	get_indicator(doc) {
		const colours = {
			Draft: "gray",
			Translating: "blue",
			Auditing: "cyan",
			"Returned to Translator": "yellow",
			"Department Confirmation": "purple",
			Released: "green",
			Superseded: "darkgrey",
			Withdrawn: "darkgrey",
		};
		const word = __(doc.status, null, "Production Configuration");
		const marks = [
			doc.status === "Auditing" && doc.blind_state === "Drawn" ? __("Blind Re-check") : "",
			doc.status === "Department Confirmation" && doc.opinions_joined ? __("Opinions Complete") : "",
			doc.has_objections ? __("Objections Stand") : "",
		].filter(Boolean);
		return [[word, ...marks].join(" · "), colours[doc.status] || "gray", `status,=,${doc.status}`];
	},
	formatters: {
		version: (value) => `V${value || 1}`,
	},
};
