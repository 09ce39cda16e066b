frappe.listview_settings["Expedite Request"] = {
	add_fields: ["status", "needed_by", "promised_on"],
	has_indicator_for_draft: 1,
	get_indicator(doc) {
		const colours = { Draft: "gray", Sent: "blue", Promised: "cyan", Arrived: "green", Refused: "red", Withdrawn: "darkgrey" };
		const open = ["Draft", "Sent", "Promised"].includes(doc.status);
		const late = open && (doc.promised_on || frappe.datetime.get_today()) > doc.needed_by;
		const label = __(doc.status, null, "Expedite Request");
		return [late ? `${label} · ${__("Too Late")}` : label, late ? "red" : colours[doc.status], `status,=,${doc.status}`];
	},
};
