"""The only places where outside forms (files, sheets, documents) become engine data and back."""
