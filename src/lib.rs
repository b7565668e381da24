//! baguan (把关): checks posts of Chinese government websites before they are published.
//!
//! A post ([`post::Post`]) comes in at the bottom as bytes and leaves at the top as findings
//! ([`finding::Finding`]): [`document`] shows it as its reader sees it, the checks in [`check`]
//! look at that, [`linter::Linter`] runs them by the [`rulebook`] and the site's [`settings`].
//! [`gate::Gate`] puts that together for a site folder ([`config`]); [`pipeline`] runs it over
//! many posts in order; [`report`] writes what comes out.

pub mod check;
pub mod column_model;
pub mod command;
pub mod config;
pub mod dictionary;
pub mod document;
pub mod finding;
pub mod fix;
pub mod formatter;
pub mod gate;
pub mod ignore;
pub mod input;
pub mod knowledge;
pub mod layout;
pub mod linter;
pub mod mistake;
pub mod pipeline;
pub mod post;
pub mod report;
pub mod rewrite;
pub mod rulebook;
pub mod settings;
mod toml_file;
