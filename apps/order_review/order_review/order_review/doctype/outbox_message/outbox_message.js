frappe.ui.form.on("Outbox Message", {
	refresh(frm) {
		frm.disable_save();
		const colours = { Waiting: "orange", Sending: "blue", Sent: "green", Failed: "red" };
		frm.page.set_indicator(__(frm.doc.status, null, "Outbox Message"), colours[frm.doc.status]);
		if (frm.doc.status !== "Failed") return;
		frm.add_custom_button(__("Send Again"), () =>
			frappe.xcall("order_review.api.outbox.send_again", { name: frm.doc.name }).then(() => frm.reload_doc())
		);
	},
});
