"""What several languages share: the judges of C and C++, of Node.js, and prepared toolchain states."""
