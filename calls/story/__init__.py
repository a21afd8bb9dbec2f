"""What one call left behind, put together as it happened."""
