//! Training of a model from plain text.

pub mod associate;
pub mod boost;
pub mod inject;
pub mod random;
pub mod train;
