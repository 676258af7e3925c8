"""What goes over the wire under /api/v1, subject by subject, with an example for each."""
