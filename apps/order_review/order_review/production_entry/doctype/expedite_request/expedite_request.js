frappe.ui.form.on("Expedite Request", {
	setup(frm) {
		order_review.guarded_form.say_options("Expedite Request", "status");
		frm.set_query("item", () => ({ filters: { disabled: 0 } }));
	},

	refresh(frm) {
		order_review.guarded_form.open_own_fields(frm);
		const { promised_on, needed_by, status } = frm.doc;
		if (status === "Promised" && promised_on > needed_by) {
			const days = frappe.datetime.get_day_diff(promised_on, needed_by);
			frm.set_intro(__("The supplier's day is {0} days later than the part is needed.", [days]), "orange");
		}
	},

	item(frm) {
		if (!frm.doc.item || frm.doc.part) return;
		frappe.db.get_value("Item", frm.doc.item, "item_name").then(({ message }) => message && frm.set_value("part", message.item_name));
	},

	before_workflow_action: (frm) => order_review.guarded_form.before_action(frm),
});
