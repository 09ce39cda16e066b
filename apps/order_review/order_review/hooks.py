app_name = "order_review"
app_title = "Order Review"
app_publisher = "Order Review contributors"
app_description = "Order review for a maker of configured vehicles"
app_email = "order-review@example.com"
app_license = "GPL-3.0-or-later"
required_apps = ["erpnext"]

# Site life
before_install = "order_review.install.before_install"
after_install = "order_review.install.after_install"
before_migrate = "order_review.migrate.before_migrate"
after_migrate = "order_review.migrate.after_migrate"
before_uninstall = "order_review.uninstall.before_uninstall"
