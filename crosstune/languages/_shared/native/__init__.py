"""C and C++: one compiler family, one judge."""
