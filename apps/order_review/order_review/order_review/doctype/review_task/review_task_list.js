frappe.listview_settings["Review Task"] = {
	add_fields: ["status", "opinion", "due_at", "paused_since"],
	has_indicator_for_draft: 1,
	formatters: {
		opinion: (value) => (value ? __(value, null, "Review Task") : "–"),
		due_at: (value) => (value ? moment(value).format("MM-DD HH:mm") : "–"),
	},
	get_indicator(doc) {
		const waits = doc.status === "Open" && doc.paused_since;
		const late = doc.status === "Open" && !waits && doc.due_at && doc.due_at < frappe.datetime.now_datetime();
		const colours = { Open: "blue", Answered: "green", Withdrawn: "gray", Cancelled: "gray", Void: "orange" };
		const label = __(doc.status, null, "Review Task") + (waits ? ` · ${__("Waits for an Answer")}` : late ? ` · ${__("Overdue")}` : "");
		const colour = waits ? "orange" : late || (doc.status === "Answered" && doc.opinion === "Object") ? "red" : colours[doc.status];
		return [label, colour, `status,=,${doc.status}`];
	},
};
