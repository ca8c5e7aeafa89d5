"""``whereused serve``: Datasette on a copy of the database that holds what is published and nothing else."""
