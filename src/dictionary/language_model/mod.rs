//! The language model of `typo/unlikely`: character n-grams, words, likenesses of characters and
//! a classifier; counting, smoothing, packing, asking.

pub mod blend;
pub mod characters;
pub mod classifier;
pub mod codec;
pub mod counts;
pub mod error;
pub mod kneser_ney;
pub mod lexicon;
pub mod model;
pub mod training;
pub mod trie;
pub mod vocabulary;
pub mod words;

use crate::mistake::Mistake;
use model::Model;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

/// The model that comes with the program, opened when it is first asked for.
pub fn built_in() -> Arc<Model> {
    static MODEL: LazyLock<Arc<Model>> = LazyLock::new(|| {
        let bytes = include_bytes!("../../../dictionaries/language_model.bin");
        let model = Model::from_bytes(bytes).unwrap_or_else(|e| panic!("the built-in model: {e}"));
        Arc::new(model)
    });
    MODEL.clone()
}

/// The name of a site's own model in one of its dictionary folders.
pub const FILE_NAME: &str = "language_model.bin";

/// The model in the first of these folders that has one.
///
/// # Errors
/// What keeps the file from being used.
pub fn of_site(dictionaries: &[PathBuf]) -> Result<Option<Model>, Mistake> {
    dictionaries
        .iter()
        .map(|folder| folder.join(FILE_NAME))
        .find(|file| file.is_file())
        .map(|file| Model::read(&file))
        .transpose()
}
