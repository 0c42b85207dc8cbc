"""What goes in and out of the API, explicitly, one file a resource."""
