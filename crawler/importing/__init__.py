"""``import``: works from a user's own files.  Each reader yields entries; ``run`` saves them."""
