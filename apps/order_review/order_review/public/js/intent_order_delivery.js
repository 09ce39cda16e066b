// The delivery date Planning promised, in the intent order; asking for one.
frappe.ui.form.on("Intent Order", {
	refresh(frm) {
		if (frm.is_new()) return;
		show_delivery(frm);
		offer_customer_check(frm);
	},
});

function show_delivery(frm) {
	const wrapper = frm.fields_dict.delivery_html.$wrapper;
	const reference = { doctype: "Intent Order", name: frm.doc.name };
	frappe.xcall("order_review.api.delivery_commitment.of_document", reference).then((rows) => {
		wrapper.html(rows.length ? delivery_table(rows) : `<p class="text-muted">${__("No delivery date has been asked for yet.")}</p>`);
		if (!order_review.guarded_form.offers(frm, "request_delivery")) return;
		frm.add_custom_button(__("Request Delivery Date"), () =>
			frappe.xcall("order_review.api.delivery_commitment.request", reference).then((name) => {
				frappe.show_alert({ message: __("{0} was sent to Planning.", [name]), indicator: "green" });
				frm.reload_doc();
			})
		);
	});
}

function delivery_table(rows) {
	const colours = { Requested: "orange", Proposed: "blue", Accepted: "cyan", Confirmed: "green", Broken: "red", Withdrawn: "gray" };
	const day = (value) => (value ? frappe.datetime.str_to_user(value) : "–");
	const lines = rows.map((row) => {
		const days = row.committed_date && row.wish ? frappe.datetime.get_day_diff(row.committed_date, row.wish) : 0;
		const late = days > 0 ? ` <span class="text-danger">(${__("{0} days after the wish", [days])})</span>` : "";
		return `<tr><td><a href="/app/delivery-date-commitment/${encodeURIComponent(row.name)}">${frappe.utils.escape_html(row.name)}</a></td>
			<td><span class="indicator-pill ${colours[row.status]}">${__(row.status, null, "Delivery Date Commitment")}</span></td>
			<td class="text-right">${row.qty}</td><td>${day(row.wish)}</td><td>${day(row.earliest)}</td>
			<td><b>${day(row.committed_date)}</b>${late}</td></tr>`;
	});
	const heads = [__("Delivery Date Commitment"), __("Status"), __("Quantity"), __("Wish of the Customer"), __("Earliest Delivery"), __("Committed Date")];
	return `<table class="table table-sm or-table"><thead><tr>${heads.map((head) => `<th>${head}</th>`).join("")}</tr></thead><tbody>${lines.join("")}</tbody></table>`;
}

// Market Management checks the data of new customers.
function offer_customer_check(frm) {
	if (!order_review.guarded_form.offers(frm, "verify_customer")) return;
	frm.add_custom_button(__("Customer Data Are in Order"), () =>
		frappe.confirm(__("Confirm that the data of {0} were checked?", [frappe.utils.escape_html(frm.doc.customer)]), () =>
			frappe.xcall("order_review.api.order_types.verify_customer", { name: frm.doc.name }).then(() => frm.reload_doc())
		)
	);
}
