//! What a run knows beyond the rule book: the site, its columns, units and roster, and the
//! dictionaries. Handed to every check.

use crate::column_model;
use crate::dictionary::columns::Columns;
use crate::dictionary::language_model::model::Model as LanguageModel;
use crate::dictionary::phrases::OwnPhrases;
use crate::dictionary::published::PublishedTitles;
use crate::dictionary::roster::Roster;
use crate::dictionary::units::Units;
use crate::dictionary::words::SiteWords;
use crate::formatter::Profile;
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
    /// What the site's own posts teach about its columns, if that was learnt.
    pub column_model: Option<Arc<column_model::Model>>,
    /// The site's publishing units, if it lists them.
    pub units: Option<Arc<Units>>,
    /// The site's roster, if it keeps one.
    pub roster: Option<Arc<Roster>>,
    /// The site's own words.
    pub words: Option<Arc<SiteWords>>,
    /// The units' names, as phrases to keep exact.
    pub unit_phrases: Option<Arc<OwnPhrases>>,
    /// The site's target form of one-click formatting.
    pub profile: Arc<Profile>,
    /// The site's own language model, instead of the one that comes with the program.
    pub language_model: Option<Arc<LanguageModel>>,
    /// Titles published already, for `title/duplicate`.
    pub published: Option<PublishedTitles>,
}
