// From a contract that is in force or vetoed to the assessment of its quality.
frappe.ui.form.on("Sales Contract", {
	refresh(frm) {
		if (!order_review.guarded_form.offers(frm, "look_at_quality")) return;
		frm.add_custom_button(__("Quality Assessment"), () => open_assessment(frm.doc.name));
	},
});

function open_assessment(contract) {
	const show = (name) =>
		name
			? frappe.set_route("Form", "Contract Quality Assessment", name)
			: frappe.msgprint(__("The quality of this contract is not assessed yet."));
	if (frappe.user.has_role(["Order Administrator", "Order Supervisor"])) {
		return frappe.xcall("order_review.api.quality.draft", { contract }).then(show);
	}
	return frappe.db
		.get_value("Contract Quality Assessment", { sales_contract: contract }, "name")
		.then(({ message }) => show(message && message.name));
}
