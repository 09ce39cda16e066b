frappe.ui.form.on("Livery Design", {
	setup(frm) {
		order_review.guarded_form.say_options("Livery Design", "status", "livery_type", "surface");
		frm.set_query("sales_contract", () => ({ filters: { status: ["not in", ["Cancelled", "Vetoed", "Withdrawn"]] } }));
	},

	refresh(frm) {
		order_review.guarded_form.open_own_fields(frm);
		show_views(frm);
		add_prints(frm);
	},

	before_workflow_action: (frm) => order_review.guarded_form.before_action(frm),
});

const PICTURE = /\.(png|jpe?g|gif|webp|svg)$/i;

function show_views(frm) {
	const text = frappe.utils.escape_html;
	const views = (frm.doc.views || []).filter((row) => row.image);
	const figures = views.map((row) => {
		const label = `${__(row.view, null, "Livery Design View")}${row.remark ? ` · ${text(row.remark)}` : ""}`;
		const inside = PICTURE.test(row.image)
			? `<img src="${encodeURI(row.image)}" alt="${text(label)}" style="max-width: 100%; max-height: 14rem">`
			: text(row.image.split("/").pop());
		return `<figure style="margin: 0 1rem 1rem 0; display: inline-block; max-width: 24rem; vertical-align: top">
			<a href="${encodeURI(row.image)}" target="_blank">${inside}</a><figcaption class="text-muted">${label}</figcaption></figure>`;
	});
	frm.fields_dict.views_html.$wrapper.html(figures.join(""));
}

function add_prints(frm) {
	if (frm.is_new()) return;
	const { name, sales_contract } = frm.doc;
	frm.add_custom_button(__("Open {0}", [sales_contract], "Order Review"), () => frappe.set_route("Form", "Sales Contract", sales_contract));
	[["zh", "中文"], ["en", "English"]].forEach(([lang, label]) =>
		frm.add_custom_button(
			label,
			() => window.open(`/api/method/order_review.api.fulfilment.livery_pdf?${new URLSearchParams({ name, lang })}`),
			__("Livery Confirmation")
		)
	);
}
