frappe.listview_settings["Catalogue Check"] = {
	add_fields: ["status", "errors", "warnings", "failing_orders"],
	get_indicator(doc) {
		if (doc.status !== "Finished") {
			const colours = { Queued: "blue", Running: "blue", Failed: "red" };
			return [__(doc.status), colours[doc.status] || "gray", `status,=,${doc.status}`];
		}
		if (doc.errors) return [__("{0} errors", [doc.errors]), "red", "errors,>,0"];
		if (doc.failing_orders) return [__("{0} orders would fail", [doc.failing_orders]), "red", "failing_orders,>,0"];
		if (doc.warnings) return [__("{0} warnings", [doc.warnings]), "orange", "warnings,>,0"];
		return [__("Clear", null, "Order Review"), "green", "errors,=,0"];
	},
};
