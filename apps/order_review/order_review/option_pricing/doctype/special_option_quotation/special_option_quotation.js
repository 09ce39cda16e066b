frappe.ui.form.on("Special Option Quotation", {
	setup(frm) {
		frm.set_query("request_no", () => ({ filters: { status: "Costing" } }));
		frm.set_query("supplier", () => ({ filters: { disabled: 0 } }));
	},

	refresh(frm) {
		if (frm.is_new()) return;
		frm.add_custom_button(__("Special Option Request"), () =>
			frappe.set_route("Form", "Special Option Request", frm.doc.request_no)
		);
	},

	after_save(frm) {
		frappe.show_alert({ message: frm.doc.is_chosen ? __("This quotation is the chosen one.") : __("Saved"), indicator: "green" });
	},
});
