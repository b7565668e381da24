//! The modules of the language model that unpack it, for the build script: none of them leans on
//! anything else in the crate.
#![allow(dead_code)]

#[path = "../src/dictionary/language_model/characters.rs"]
pub mod characters;
#[path = "../src/dictionary/language_model/classifier.rs"]
pub mod classifier;
#[path = "../src/dictionary/language_model/codec.rs"]
pub mod codec;
#[path = "../src/dictionary/language_model/counts.rs"]
pub mod counts;
#[path = "../src/dictionary/language_model/error.rs"]
pub mod error;
#[path = "../src/dictionary/language_model/flat.rs"]
pub mod flat;
#[path = "../src/dictionary/language_model/kneser_ney.rs"]
pub mod kneser_ney;
#[path = "../src/dictionary/language_model/lexicon.rs"]
pub mod lexicon;
#[path = "../src/dictionary/language_model/model.rs"]
pub mod model;
#[path = "../src/dictionary/language_model/ranked.rs"]
pub mod ranked;
#[path = "../src/dictionary/language_model/table.rs"]
pub mod table;
#[path = "../src/dictionary/language_model/trie.rs"]
pub mod trie;
#[path = "../src/dictionary/language_model/vocabulary.rs"]
pub mod vocabulary;
