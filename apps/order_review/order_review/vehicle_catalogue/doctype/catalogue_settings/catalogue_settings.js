frappe.ui.form.on("Catalogue Settings", {
	onload() {
		frappe.realtime.off("order_review_catalogue");
		frappe.realtime.on("order_review_catalogue", show_progress);
	},

	refresh(frm) {
		frappe.xcall("order_review.api.catalogue.get_parts").then((parts) => {
			if (!parts.length) return;
			frm.add_custom_button(__("Export Catalogue"), () => export_catalogue());
			frm.add_custom_button(__("Import Catalogue"), () => import_catalogue(parts));
		});
	},
});

function export_catalogue() {
	window.open("/api/method/order_review.api.catalogue.export_archive");
}

function import_catalogue(parts) {
	new frappe.ui.FileUploader({
		allow_multiple: false,
		allow_web_link: false,
		make_attachments_public: false,
		restrictions: { allowed_file_types: [".zip"] },
		dialog_title: __("ZIP archive with {0}", [parts.map((part) => `${part}.yaml`).join(", ")]),
		on_success(file) {
			frappe.xcall("order_review.api.catalogue.start_import", { file: file.name }).then(() =>
				frappe.show_alert({ message: __("The import runs in the background; you can leave this page."), indicator: "blue" })
			);
		},
	});
}

function show_progress(message) {
	if (message.failed || message.finished) {
		frappe.hide_progress();
		frappe.msgprint({
			title: message.failed ? __("Catalogue Not Imported") : __("Catalogue Imported"),
			indicator: message.failed ? "red" : "green",
			message: [message.failed || message.finished, ...(message.warnings || [])].map(frappe.utils.escape_html).join("<br>"),
		});
		if (cur_frm && cur_frm.doctype === "Catalogue Settings") cur_frm.reload_doc();
	} else {
		frappe.show_progress(__("Importing Catalogue"), message.done, message.total, message.what);
	}
}
