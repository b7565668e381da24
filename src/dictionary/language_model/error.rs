//! What can be wrong with a model file.

use std::fmt;

/// Why a model file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ModelError {
    /// It does not begin as a model file does.
    NotAModel,
    /// It was written by a program of another version.
    Version(u32),
    /// It ends too soon.
    Truncated,
    /// A part does not agree with its checksum.
    Checksum(&'static str),
    /// A part contradicts itself.
    Damaged(&'static str),
    /// A part is missing.
    Missing(&'static str),
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAModel => write!(f, "不是语言模型文件"),
            Self::Version(v) => write!(f, "语言模型文件的版本 {v} 与本程序不符"),
            Self::Truncated => write!(f, "语言模型文件不完整（提前结束）"),
            Self::Checksum(part) => write!(f, "语言模型文件已损坏（{part} 部分校验和不符）"),
            Self::Damaged(part) => write!(f, "语言模型文件已损坏（{part} 部分内容矛盾）"),
            Self::Missing(part) => write!(f, "语言模型文件缺少 {part} 部分"),
        }
    }
}

impl std::error::Error for ModelError {}
