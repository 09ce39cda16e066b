frappe.ui.form.on("Configuration Rule", {
	refresh(frm) {
		if (!frappe.model.can_create("Catalogue Check")) return;
		if (!frm.is_new()) {
			frm.add_custom_button(__("Rehearse"), () => start_check(frm, frm.doc.name), __("Catalogue"));
		}
		frm.add_custom_button(__("Check Catalogue"), () => start_check(frm, null), __("Catalogue"));
		if (frm.doc.status !== "active") {
			frm.set_intro(
				__("Not in force. Rehearse it before you set it active: the check shows what it would change."),
				"blue"
			);
		}
	},
});

function start_check(frm, rule) {
	if (rule && frm.is_dirty()) {
		frappe.msgprint(__("Save the rule first; the check reads what is saved."));
		return;
	}
	frappe.db
		.insert({ doctype: "Catalogue Check", rule })
		.then((check) => frappe.set_route("Form", "Catalogue Check", check.name));
}
