"""What runs inside the sandbox. It uses only the standard library and relative imports."""
