// A Sales Order of a contract: what the server refuses is not offered, and the way that is open is named.
frappe.ui.form.on("Sales Order", {
	refresh(frm) {
		const contract = frm.doc.sales_contract;
		if (!contract) return;
		const link = frappe.utils.get_form_link("Sales Contract", contract, true, contract);
		frm.set_intro(
			__("Bound to contract {0}: ask the order supervisor for a change or a cancellation.", [link]),
			"blue"
		);
		setTimeout(() => hide_refused(frm), 0);
	},
});

function hide_refused(frm) {
	frm.remove_custom_button(__("Update Items", null, "Order Review"));
	for (const name of ["Hold", "Close", "Resume", "Re-open"]) frm.remove_custom_button(__(name), __("Status"));
	frm.page.btn_secondary.filter((_index, button) => $(button).text().trim() === __("Cancel")).addClass("hidden");
}
