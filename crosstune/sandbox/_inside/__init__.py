"""What runs inside the sandbox. Stands alone: only the standard library, only relative imports."""
