frappe.ui.form.on("Monthly Quality Score", {
	refresh(frm) {
		if (frm.is_new()) return;
		const { score, grade, place, places } = frm.doc;
		const colour = { A: "green", B: "blue", C: "orange", D: "red" }[grade] || "gray";
		frm.page.set_indicator(`${score.toFixed(1)} · ${grade || "–"} · ${place}/${places}`, colour);
		show_trend(frm);
	},
});

function show_trend(frm) {
	const wrapper = frm.fields_dict.trend_html.$wrapper.empty();
	frappe.xcall("order_review.api.quality.get_trend", { name: frm.doc.name }).then((rows) => {
		const place = $("<div>").appendTo(wrapper)[0];
		new frappe.Chart(place, {
			type: "line",
			height: 200,
			colors: ["#2b6cb0"],
			data: {
				labels: rows.map((row) => row.quality_month),
				datasets: [{ name: __("Score", null, "Order Review"), values: rows.map((row) => row.score) }],
			},
			axisOptions: { shortenYAxisNumbers: 1 },
		});
		const cells = rows.map((row) => `<td>${row.quality_month}<br><b>${row.score.toFixed(1)}</b> ${frappe.utils.escape_html(row.grade || "")}<br><small>${row.place}/${row.places}</small></td>`);
		wrapper.append(`<table class="table table-sm table-bordered text-center"><tr>${cells.join("")}</tr></table>`);
	});
}
