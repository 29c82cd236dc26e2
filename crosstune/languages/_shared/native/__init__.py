"""Judging C and C++, which share a compiler family."""
