//! Tables that hold data, and tables that old editors used to put an image in its place.

use crate::document::{Document, is_blank};

/// What is known of each element as to tables; all by element index.
pub struct Tables {
    /// The table around the element, itself included.
    owner: Vec<Option<usize>>,
    /// The element is a data table or stands in one.
    in_data: Vec<bool>,
    facts: Vec<Facts>,
}

#[derive(Clone, Default)]
struct Facts {
    rows: usize,
    cells: usize,
    border: bool,
    /// With those of tables inside.
    image: bool,
    /// With those of tables inside.
    characters: usize,
    layout: bool,
}

impl Facts {
    /// One cell without a frame, a column of images with their captions, or the frame of a page
    /// around most of its text. `all`: the characters of the body.
    fn is_layout(&self, all: usize) -> bool {
        let one_column = self.cells <= self.rows.max(1);
        if one_column && self.characters >= 200 * self.cells && self.characters * 2 > all {
            return true;
        }
        if self.cells <= 1 {
            return !self.border || self.image && self.characters <= 60;
        }
        !self.border && self.image && one_column && self.characters <= 60 * self.rows
    }
}

impl Tables {
    pub fn of(document: &Document<'_>) -> Self {
        let elements = &document.elements;
        let mut owner: Vec<Option<usize>> = Vec::with_capacity(elements.len());
        let mut facts = vec![Facts::default(); elements.len()];
        for (id, element) in elements.iter().enumerate() {
            let outer = element.container.and_then(|container| owner[container]);
            let own = if element.name == "table" {
                Some(id)
            } else {
                outer
            };
            owner.push(own);
            let Some(table) = own else { continue };
            let facts = &mut facts[table];
            match element.name.as_str() {
                "tr" => facts.rows += 1,
                "td" | "th" => facts.cells += 1,
                "img" | "video" | "embed" | "object" | "iframe" => facts.image = true,
                _ => {}
            }
            if matches!(element.name.as_str(), "table" | "td" | "th" | "tr") {
                facts.border |= shows_border(element);
            }
        }
        let mut all = 0;
        for block in document.blocks.iter().filter(|block| !block.hidden) {
            let count = block
                .text
                .as_str()
                .chars()
                .filter(|c| !is_blank(*c))
                .count();
            all += count;
            if let Some(table) = block.element.and_then(|element| owner[element]) {
                facts[table].characters += count;
            }
        }
        for (id, element) in elements.iter().enumerate().rev() {
            if element.name != "table" {
                continue;
            }
            facts[id].layout = facts[id].is_layout(all);
            if let Some(outer) = element.container.and_then(|container| owner[container]) {
                facts[outer].characters += facts[id].characters;
                facts[outer].image |= facts[id].image;
            }
        }
        let mut in_data: Vec<bool> = Vec::with_capacity(elements.len());
        for (id, element) in elements.iter().enumerate() {
            let outer = element
                .container
                .is_some_and(|container| in_data[container]);
            in_data.push(outer || element.name == "table" && !facts[id].layout);
        }
        Self {
            owner,
            in_data,
            facts,
        }
    }

    pub fn is_layout(&self, element: usize) -> bool {
        self.owner[element].is_some_and(|table| self.facts[table].layout)
    }

    pub fn in_data(&self, element: usize) -> bool {
        self.in_data[element]
    }

    pub fn has_border(&self, table: usize) -> bool {
        self.facts[table].border
    }

    pub fn has_image(&self, table: usize) -> bool {
        self.facts[table].image
    }
}

fn shows_border(element: &crate::document::Element) -> bool {
    let attribute = element
        .attribute("border")
        .is_some_and(|border| border.trim() != "0" && element.name == "table");
    attribute
        || element.style().iter().any(|d| {
            let value = d.value.to_ascii_lowercase();
            d.property.starts_with("border")
                && !matches!(
                    d.property.as_str(),
                    "border-collapse" | "border-spacing" | "border-color" | "border-image"
                )
                && !value.contains("none")
                && !value.starts_with('0')
                && value != "medium"
                && value != "initial"
        })
}
