"""What can be proved of calls afterwards: texts rebuilt, stamps recomputed, changes confirmed."""
