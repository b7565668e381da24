//! Inline CSS, as far as checks of formatting need it.

use std::sync::Arc;

/// One declaration of a `style` attribute, the property in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration {
    pub property: String,
    pub value: String,
}

/// Splits a `style` attribute's value into its declarations. Semicolons inside quotes and
/// parentheses (`url(data:…;base64,…)`) do not split.
pub fn declarations(style: &str) -> Vec<Declaration> {
    let mut out = Vec::new();
    let mut quote = None;
    let mut depth = 0usize;
    let mut start = 0;
    let push = |piece: &str, out: &mut Vec<Declaration>| {
        if let Some((property, value)) = piece.split_once(':') {
            let property = property.trim().to_ascii_lowercase();
            let value = value.trim();
            if !property.is_empty() && !value.is_empty() {
                out.push(Declaration {
                    property,
                    value: value.to_owned(),
                });
            }
        }
    };
    for (at, byte) in style.bytes().enumerate() {
        match (quote, byte) {
            (Some(q), b) if b == q => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'(') => depth += 1,
            (None, b')') => depth = depth.saturating_sub(1),
            (None, b';') if depth == 0 => {
                push(&style[start..at], &mut out);
                start = at + 1;
            }
            _ => {}
        }
    }
    push(&style[start..], &mut out);
    out
}

/// Where text stands in its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Left,
    Center,
    Right,
    Justify,
}

impl Align {
    /// Reads `text-align` and the old `align` attribute.
    pub fn parse(value: &str) -> Option<Self> {
        match value.trim().to_ascii_lowercase().as_str() {
            "left" | "start" => Some(Self::Left),
            "center" | "middle" | "-webkit-center" => Some(Self::Center),
            "right" | "end" => Some(Self::Right),
            "justify" => Some(Self::Justify),
            _ => None,
        }
    }
}

/// A CSS length in the unit it was written in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Length {
    pub value: f32,
    pub unit: Unit,
}

/// Units of [`Length`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Px,
    Pt,
    Em,
    Percent,
    Other,
}

impl Length {
    /// Reads `2em`, `32.0pt`, `0`, `-1cm`; `None` if it does not begin with a number.
    pub fn parse(value: &str) -> Option<Self> {
        let value = value.trim();
        let digits = value
            .bytes()
            .take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+'))
            .count();
        let number: f32 = value[..digits].parse().ok()?;
        let rest = value[digits..].trim_start().to_ascii_lowercase();
        let unit_len = rest
            .bytes()
            .take_while(|b| b.is_ascii_alphabetic() || *b == b'%')
            .count();
        let (value, unit) = match &rest[..unit_len] {
            "" | "px" => (number, Unit::Px),
            "pt" => (number, Unit::Pt),
            "em" | "rem" => (number, Unit::Em),
            "%" => (number, Unit::Percent),
            "cm" => (number * 72.0 / 2.54, Unit::Pt),
            "mm" => (number * 72.0 / 25.4, Unit::Pt),
            "in" => (number * 72.0, Unit::Pt),
            "pc" => (number * 12.0, Unit::Pt),
            _ => (number, Unit::Other),
        };
        Some(Self { value, unit })
    }

    /// About how many CSS pixels, for text of `font_px` pixels.
    pub fn to_px(self, font_px: f32) -> f32 {
        match self.unit {
            Unit::Px | Unit::Other => self.value,
            Unit::Pt => self.value * 4.0 / 3.0,
            Unit::Em => self.value * font_px,
            Unit::Percent => self.value / 100.0 * font_px,
        }
    }
}

/// How a run of text looks, by inline styles and old presentational tags, inherited ones included.
/// `None` means: nothing in the body says so, the site's own style sheet decides.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TextStyle {
    /// `font-family` or `<font face>`, as written.
    pub font_family: Option<Arc<str>>,
    /// `font-size` or `<font size>`, as written.
    pub font_size: Option<Arc<str>>,
    /// `color` or `<font color>`, as written.
    pub color: Option<Arc<str>>,
    /// `background` or `background-color`, as written.
    pub background: Option<Arc<str>>,
    pub bold: bool,
    pub italic: bool,
    pub underline: bool,
    pub strike: bool,
    pub superscript: bool,
    pub subscript: bool,
    /// `display:none`, `visibility:hidden`, `hidden`.
    pub hidden: bool,
}

/// How a block stands, by inline styles, inherited ones included.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BlockStyle {
    pub align: Option<Align>,
    pub indent: Option<Length>,
}

impl TextStyle {
    /// Overlays what the element `name` itself means.
    pub(super) fn apply_tag(&mut self, name: &str) {
        match name {
            "b" | "strong" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "th" => self.bold = true,
            "i" | "em" => self.italic = true,
            "u" | "ins" => self.underline = true,
            "s" | "strike" | "del" => self.strike = true,
            "sup" => self.superscript = true,
            "sub" => self.subscript = true,
            _ => {}
        }
    }

    /// Overlays one declaration of a `style` attribute.
    pub(super) fn apply(&mut self, declaration: &Declaration) {
        let value = declaration.value.as_str();
        let lower = || value.to_ascii_lowercase();
        match declaration.property.as_str() {
            "font-family" => self.font_family = Some(value.into()),
            "font-size" => self.font_size = Some(value.into()),
            "font" => self.apply_font_shorthand(value),
            "color" => self.color = Some(value.into()),
            "background" | "background-color" => self.background = Some(value.into()),
            "font-weight" => {
                let value = lower();
                self.bold = match value.parse::<f32>() {
                    Ok(weight) => weight >= 600.0,
                    Err(_) => value.starts_with("bold"),
                };
            }
            "font-style" => self.italic = lower().starts_with("italic"),
            "text-decoration" | "text-decoration-line" => {
                let value = lower();
                self.underline = value.contains("underline");
                self.strike = value.contains("line-through");
            }
            "vertical-align" => {
                let value = lower();
                self.superscript |= value.starts_with("super");
                self.subscript |= value.starts_with("sub");
            }
            "display" => self.hidden |= lower().starts_with("none"),
            "visibility" => self.hidden |= lower().starts_with("hidden"),
            _ => {}
        }
    }

    /// `font: bold 16px/1.5 宋体, serif`: the size is the first length, the family what follows.
    fn apply_font_shorthand(&mut self, value: &str) {
        let mut offset = 0;
        for word in value.split(' ') {
            let lower = word.to_ascii_lowercase();
            if lower.starts_with("bold") {
                self.bold = true;
            } else if lower == "italic" {
                self.italic = true;
            } else if word.starts_with(|c: char| c.is_ascii_digit())
                && Length::parse(word).is_some()
            {
                // A bare 400 or 700 is a weight.
                if !word.bytes().all(|b| b.is_ascii_digit()) {
                    let size = word.split('/').next().unwrap_or(word);
                    self.font_size = Some(size.into());
                    let family = value[offset + word.len()..].trim();
                    if !family.is_empty() {
                        self.font_family = Some(family.into());
                    }
                    return;
                }
            }
            offset += word.len() + 1;
        }
    }
}
