"""The folder that Datasette loads its plug-ins from."""
