"""The licence audit of a dataset's photo metadata, and the owner's look-up.  No picture is ever fetched."""
