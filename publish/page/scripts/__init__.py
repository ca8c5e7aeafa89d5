"""The scripts of a map page, put into it one after the other; each is ours."""
