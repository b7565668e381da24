//! The language model of `typo/unlikely`: character n-grams, words, likenesses of characters and
//! a classifier; counting, smoothing, packing, asking.

pub mod associations;
pub mod blend;
pub mod characters;
pub mod classifier;
pub mod codec;
pub mod counts;
pub mod error;
pub mod flat;
pub mod kneser_ney;
pub mod lexicon;
pub mod model;
mod nodes;
pub mod ranked;
pub mod scoring;
pub mod site;
pub mod table;
pub mod training;
pub mod trie;
pub mod vocabulary;
pub mod words;

use flat::Aligned;
use model::Model;
pub use site::{FILE_NAME, of_site};
use std::sync::{Arc, LazyLock};

/// The model that comes with the program: `dictionaries/language_model.bin`, unpacked when the
/// program is built. The parts that a text needs are read from the program's file when they are
/// first touched.
static BUILT_IN: &Aligned<[u8]> = &Aligned(*include_bytes!(concat!(
    env!("OUT_DIR"),
    "/language_model.flat"
)));

/// The model that comes with the program, opened when it is first asked for.
pub fn built_in() -> Arc<Model> {
    static MODEL: LazyLock<Arc<Model>> = LazyLock::new(|| {
        let model = Model::lent(&BUILT_IN.0).unwrap_or_else(|e| panic!("the built-in model: {e}"));
        Arc::new(model)
    });
    MODEL.clone()
}
