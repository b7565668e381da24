//! What a run knows beyond the rule book: the site, its columns, units and roster, and the
//! dictionaries. Handed to every check.

use crate::dictionary::published::PublishedTitles;

/// The site whose posts are checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Site {
    /// `中国示例`
    pub name: Option<String>,
    /// `某省某市示例县`: whose 县委书记 a bare 县委书记 is.
    pub place: Option<String>,
}

/// All knowledge of a run.
#[derive(Debug, Clone, Default)]
pub struct Knowledge {
    pub site: Site,
    /// Titles published already, for `title/duplicate`.
    pub published: Option<PublishedTitles>,
}
