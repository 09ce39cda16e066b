"""What must hold of every document of a site, and what to do where it does not; ``checker`` lists and runs it all."""
