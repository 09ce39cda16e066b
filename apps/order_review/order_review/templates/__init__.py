"""Jinja templates of what the site sends or shows: ``emails`` for messages of the outbox."""
