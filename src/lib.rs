//! baguan (把关): checks posts of Chinese government websites before they are published.
//!
//! A post ([`post::Post`]) comes in at the bottom as bytes and leaves at the top as findings
//! ([`finding::Finding`]): [`document`] shows it as its reader sees it, the checks in [`check`]
//! look at that, [`linter::Linter`] runs them by the [`rulebook`] and the site's [`settings`].

pub mod check;
pub mod dictionary;
pub mod document;
pub mod finding;
pub mod formatter;
pub mod input;
pub mod knowledge;
pub mod layout;
pub mod linter;
pub mod post;
pub mod rulebook;
pub mod settings;
