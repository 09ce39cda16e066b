app_name = "order_review"
app_title = "Order Review"
app_publisher = "Order Review contributors"
app_description = "Order review for a maker of configured vehicles"
app_email = "order-review@example.com"
app_license = "GPL-3.0-or-later"
required_apps = ["erpnext"]
