"""What whoever runs the service sees of it: a log and figures. Both count, neither names."""
