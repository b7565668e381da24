//! `typo/unlikely`: what the language model finds that no list holds.

mod candidates;
mod company;
pub mod features;
mod gaps;
pub mod guards;
mod known;
mod offers;
mod rule;
pub mod search;
pub mod speller;
pub mod text;
pub mod training;

pub use guards::Repetitions;
pub use rule::{RULE, UnlikelyCheck};
pub use search::{Edit, Kind, Tuning};
pub use speller::{Correction, Described, Speller, choose};
