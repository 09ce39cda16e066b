frappe.ui.form.on("Outbox Message", {
	setup() {
		order_review.guarded_form.say_options("Outbox Message", "status", "reference_doctype", "error");
	},

	refresh(frm) {
		frm.disable_save();
		show_message(frm);
		const colours = { Waiting: "orange", Sending: "blue", Sent: "green", Failed: "red" };
		frm.page.set_indicator(__(frm.doc.status, null, "Outbox Message"), colours[frm.doc.status]);
		if (frm.doc.status !== "Failed") return;
		frm.add_custom_button(__("Send Again"), () =>
			frappe.xcall("order_review.api.outbox.send_again", { name: frm.doc.name }).then(() => frm.reload_doc())
		);
	},
});

// The e-mail as its receiver sees it; nothing in it runs here.
function show_message(frm) {
	const mail = $(`<iframe sandbox style="width: 100%; height: 320px; border: 1px solid var(--border-color); border-radius: 6px; background: white"></iframe>`);
	mail.attr({ srcdoc: frm.doc.message || "", title: __("Message", null, "Outbox Message") });
	frm.get_field("message_preview").$wrapper.empty().append(mail);
}
