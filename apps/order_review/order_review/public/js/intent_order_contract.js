// A contract of a valid intent order, alone or together with others of the same customer.
frappe.ui.form.on("Intent Order", {
	refresh(frm) {
		if (!order_review.guarded_form.offers(frm, "make_contract")) return;
		frm.add_custom_button(__("Make Contract"), () => choose_orders(frm)).addClass("btn-primary");
	},
});

function choose_orders(frm) {
	const key = frappe.utils.get_random(20); // a click that is sent twice makes one contract
	frappe.xcall("order_review.api.contracts.companions", { name: frm.doc.name }).then((rows) => {
		const dialog = new frappe.ui.Dialog({
			title: __("Make Contract"),
			size: "large",
			fields: [
				{ fieldname: "note", fieldtype: "HTML", options: `<p class="text-muted">${__("Valid intent orders of the same customer may go into one framework contract. Set the vehicles of this contract; the rest stays to contract.")}</p>` },
				...rows.flatMap((row, index) => order_fields(row, index)),
			],
			primary_action_label: __("Make Contract"),
			primary_action: (values) => {
				dialog.disable_primary_action();
				make(rows, values, key).then(
					(name) => dialog.hide() || frappe.set_route("Form", "Sales Contract", name),
					() => dialog.enable_primary_action()
				);
			},
		});
		dialog.show();
	});
}

function order_fields(row, index) {
	const label = `${row.name} · ${row.title} · ${__("{0} of {1} left, valid until {2}", [row.remaining, row.qty, frappe.datetime.str_to_user(row.valid_until)])}`;
	return [
		{ fieldtype: "Section Break" },
		{ fieldname: `take_${index}`, fieldtype: "Check", label, default: index ? 0 : 1 },
		{ fieldtype: "Column Break" },
		{ fieldname: `qty_${index}`, fieldtype: "Int", label: __("Vehicles in This Contract"), default: row.remaining, depends_on: `take_${index}` },
	];
}

function make(rows, values, key) {
	const taken = rows.map((row, index) => ({ name: row.name, qty: values[`qty_${index}`], is_taken: values[`take_${index}`] })).filter((row) => row.is_taken);
	const orders = taken.map((row) => row.name);
	const quantity = Object.fromEntries(taken.map((row) => [row.name, row.qty]));
	return frappe.xcall("order_review.api.contracts.make", { orders, quantity, key });
}
