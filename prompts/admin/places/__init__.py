"""Where a prompt stands: at a business or at the platform; its pages work for either."""
