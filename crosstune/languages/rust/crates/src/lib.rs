//! The manifest names the crates that judged programs may use; cargo builds them for this empty library.
