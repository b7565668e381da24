//! A site's own model, in one of its dictionary folders.

use super::model::Model;
use crate::mistake::Mistake;
use std::path::{Path, PathBuf};

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

impl Model {
    /// Opens a model file of a site.
    ///
    /// # Errors
    /// What keeps it from being used, in Chinese.
    pub fn read(path: &Path) -> Result<Self, Mistake> {
        let file = path.display().to_string();
        let bytes = std::fs::read(path)
            .map_err(|error| Mistake::of_file(&file, format!("无法读取：{error}")))?;
        Self::from_bytes(&bytes).map_err(|error| Mistake::of_file(&file, error.to_string()))
    }
}
