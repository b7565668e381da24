//! What a run knows beyond the rule book: the site, its columns, units and roster, and the
//! dictionaries. Handed to every check.

use crate::dictionary::columns::Columns;
use crate::dictionary::phrases::OwnPhrases;
use crate::dictionary::published::PublishedTitles;
use crate::dictionary::roster::Roster;
use crate::dictionary::units::Units;
use crate::dictionary::words::SiteWords;
use std::sync::Arc;

/// The site whose posts are checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Site {
    /// `中国示例`
    pub name: Option<String>,
    /// `某省某市示例县`: whose 县委书记 a bare 县委书记 is.
    pub place: Option<String>,
}

/// All knowledge of a run. Cloning shares it.
#[derive(Debug, Clone, Default)]
pub struct Knowledge {
    pub site: Site,
    /// The site's columns, if it lists them.
    pub columns: Option<Arc<Columns>>,
    /// The site's publishing units, if it lists them.
    pub units: Option<Arc<Units>>,
    /// The site's roster, if it keeps one.
    pub roster: Option<Arc<Roster>>,
    /// The site's own words.
    pub words: Option<Arc<SiteWords>>,
    /// The units' names, as phrases to keep exact.
    pub unit_phrases: Option<Arc<OwnPhrases>>,
    /// Titles published already, for `title/duplicate`.
    pub published: Option<PublishedTitles>,
}
