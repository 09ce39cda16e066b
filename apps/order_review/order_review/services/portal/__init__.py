"""The dealers' portal: what a website user sees of his own orders.

Everything is read by (name, my partners) with the fields that are named here; nothing is a document as a whole.
"""
