//! The modules of the language model that unpack it, for the build script: none of them leans on
//! anything else in the crate.
#![allow(dead_code)]

#[path = "associations.rs"]
pub mod associations;
#[path = "characters.rs"]
pub mod characters;
#[path = "classifier.rs"]
pub mod classifier;
#[path = "codec.rs"]
pub mod codec;
#[path = "counts.rs"]
pub mod counts;
#[path = "error.rs"]
pub mod error;
#[path = "flat.rs"]
pub mod flat;
#[path = "kneser_ney.rs"]
pub mod kneser_ney;
#[path = "lexicon.rs"]
pub mod lexicon;
#[path = "model.rs"]
pub mod model;
#[path = "nodes.rs"]
mod nodes;
#[path = "ranked.rs"]
pub mod ranked;
#[path = "table.rs"]
pub mod table;
#[path = "trie.rs"]
pub mod trie;
#[path = "vocabulary.rs"]
pub mod vocabulary;
