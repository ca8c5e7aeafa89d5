"""Whole releases of Semantic Scholar, filtered on this machine: for lists past the caps of the API and many datasets at once."""
