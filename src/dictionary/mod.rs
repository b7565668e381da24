//! What the rules know: loaders of the dictionaries that come with the program and of a site's.

pub mod document_kinds;
pub mod published;
pub mod traditional;
