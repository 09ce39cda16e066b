frappe.ui.form.on("Price Rehearsal", {
	refresh(frm) {
		frm.disable_save();
		frm.add_custom_button(__("Open Draft"), () => frappe.set_route("Form", frm.doc.reference_doctype, frm.doc.reference_name));
		frm.fields_dict.orders_html.$wrapper.html(frm.doc.status === "Done" ? order_review.rehearsal_html(frm.doc) : "");
		if (["Queued", "Running"].includes(frm.doc.status)) {
			frm.set_intro(__("The rehearsal runs in the background. You may leave; the result is kept here."), "blue");
			order_review.follow_rehearsal(frm.doc.name, () => frm.reload_doc());
		}
	},
});
