"""The standards that a C or C++ program may ask for, and the compiler's options for them."""

from __future__ import annotations

from collections.abc import Mapping

Standards = Mapping[str, tuple[str, ...]]
"""The options ``-std`` by the name of a standard, the usual one first. A program is compiled with the first
of them with which it can be."""

# What is valid in one standard but not in the other is mostly an error there, hardly ever another meaning.
# The compiler's own default comes first: the newest headers take twice as long, for what few programs use.
CPP: Standards = {
    "gnu++17 or gnu++23": ("gnu++17", "gnu++2b"),
    "gnu++23": ("gnu++2b",),
    "gnu++20": ("gnu++20",),
    "gnu++17": ("gnu++17",),
    "gnu++14": ("gnu++14",),
    "gnu++11": ("gnu++11",),
    "c++23": ("c++2b",),
    "c++20": ("c++20",),
    "c++17": ("c++17",),
    "c++14": ("c++14",),
    "c++11": ("c++11",),
}
C: Standards = {
    "gnu17 or gnu23": ("gnu17", "gnu2x"),
    "gnu23": ("gnu2x",),
    "gnu17": ("gnu17",),
    "gnu11": ("gnu11",),
    "gnu99": ("gnu99",),
    "c23": ("c2x",),
    "c17": ("c17",),
    "c11": ("c11",),
    "c99": ("c99",),
}
