//! What is wrong with a file that people keep by hand, told so that they can mend it.

use std::fmt;

/// One mistake: where it stands and, in Chinese, what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The file as the user knows it; `None` for the command line.
    pub file: Option<String>,
    /// Counts from 1.
    pub line: Option<usize>,
    pub message: String,
}

impl Mistake {
    /// A mistake in a line of a file.
    pub fn new(file: &str, line: usize, message: impl Into<String>) -> Self {
        Self {
            file: Some(file.to_owned()),
            line: Some(line),
            message: message.into(),
        }
    }

    /// A mistake about a file as a whole.
    pub fn of_file(file: &str, message: impl Into<String>) -> Self {
        Self {
            file: Some(file.to_owned()),
            line: None,
            message: message.into(),
        }
    }

    /// A mistake on the command line.
    pub fn of_command_line(message: impl Into<String>) -> Self {
        Self {
            file: None,
            line: None,
            message: message.into(),
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.file, self.line) {
            (Some(file), Some(line)) => write!(f, "{file} 第 {line} 行：{}", self.message),
            (Some(file), None) => write!(f, "{file}：{}", self.message),
            (None, _) => f.write_str(&self.message),
        }
    }
}

/// All mistakes that one look found, never none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistakes(pub Vec<Mistake>);

impl From<Mistake> for Mistakes {
    fn from(mistake: Mistake) -> Self {
        Self(vec![mistake])
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, mistake) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            mistake.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Mistakes {}
