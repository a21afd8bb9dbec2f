"""Our own pages of the admin, one file for each thing that a person does."""
