//! A site's target form of one-click formatting: the table `[format]` of `baguan.toml`.

use serde::{Deserialize, Serialize};

/// How the site wants its bodies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Profile {
    /// 首行缩进的做法: `style`（每段写行内样式）、`css`（由网站样式表缩进）、`none`（不缩进）。
    pub indent: Indent,
    /// 缩进多少，如 `2em`；`indent = "style"` 时用。
    pub indent_size: String,
    /// 允许保留的字体，如 `["仿宋", "楷体"]`；不在其中的去掉。
    pub fonts: Vec<String>,
    /// 允许保留的字号，如 `["16px"]`。
    pub sizes: Vec<String>,
    /// 允许保留的颜色，如 `["red"]`。
    pub colors: Vec<String>,
    /// 图片各占一段并居中。
    pub center_images: bool,
    /// 图片最宽多少像素；超过的去掉宽度，由页面缩放。
    pub image_max_width: u32,
    /// 落款（单位、日期）右对齐。
    pub right_signature: bool,
    /// 保留标题标签（h1–h6）；否则改为加粗的段落。
    pub keep_headings: bool,
    /// 表格加边框。
    pub table_border: bool,
    /// 表格宽度，如 `100%`；不得超过 100%。
    pub table_width: String,
}

/// How paragraphs are indented.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Indent {
    /// Each paragraph says so itself: `<p style="text-indent: 2em">`.
    Style,
    /// The site's style sheet indents every `<p>`.
    Css,
    /// Nothing is indented.
    None,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            indent: Indent::Style,
            indent_size: "2em".to_owned(),
            fonts: Vec::new(),
            sizes: Vec::new(),
            colors: Vec::new(),
            center_images: true,
            image_max_width: 1000,
            right_signature: true,
            keep_headings: true,
            table_border: true,
            table_width: "100%".to_owned(),
        }
    }
}

impl Profile {
    /// Its keys in `baguan.toml`.
    pub const KEYS: [&str; 11] = [
        "indent",
        "indent_size",
        "fonts",
        "sizes",
        "colors",
        "center_images",
        "image_max_width",
        "right_signature",
        "keep_headings",
        "table_border",
        "table_width",
    ];

    /// What is wrong with the values, in words for the editor; nothing if all is well.
    ///
    /// # Errors
    /// The first value that cannot stand in a style.
    pub fn validate(&self) -> Result<(), String> {
        use crate::document::style::{Length, Unit};
        let plain = |text: &str| !text.contains(['"', '<', '>', ';', '&', '{', '}']);
        if Length::parse(&self.indent_size).is_none() || !plain(&self.indent_size) {
            return Err(format!(
                "format.indent_size 应为长度，如 \"2em\"，实为“{}”",
                self.indent_size
            ));
        }
        let width = Length::parse(&self.table_width);
        if !width.is_some_and(|w| w.unit == Unit::Percent && w.value > 0.0 && w.value <= 100.0)
            || !plain(&self.table_width)
        {
            return Err(format!(
                "format.table_width 应为不超过 100% 的百分数，实为“{}”",
                self.table_width
            ));
        }
        for (key, values) in [
            ("fonts", &self.fonts),
            ("sizes", &self.sizes),
            ("colors", &self.colors),
        ] {
            if let Some(value) = values.iter().find(|v| !plain(v) || v.trim().is_empty()) {
                return Err(format!("format.{key} 里的“{value}”不能用在样式里"));
            }
        }
        Ok(())
    }
}
