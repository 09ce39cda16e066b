"""Controllers that stand in for Frappe's own where no event comes early enough."""
