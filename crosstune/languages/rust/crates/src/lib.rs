//! Names the crates that judged programs may use, so that cargo builds them.
