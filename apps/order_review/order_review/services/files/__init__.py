"""Files: where they lie, who may read and change them, and how they leave the server."""
