//! How good a model is, on posts it has not learnt from.

use jieba_rs::Jieba;

use super::features::PostText;
use super::model::{Level, Model, Reading};

/// A post whose right column is known.
#[derive(Debug, Clone, Copy)]
pub struct EvaluationPost<'a> {
    pub text: PostText<'a>,
    /// The column it stands in.
    pub claimed: &'a str,
    /// The column it belongs in.
    pub right: &'a str,
}

/// One judged claim.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Case {
    /// The model's probability that the post is misfiled; `None` where it does not know the
    /// claimed column and so says nothing.
    pub probability: Option<f64>,
    pub level: Option<Level>,
    pub misfiled: bool,
    pub weight: f64,
}

/// Precision and recall of a level and those above it, by weight.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct LevelMeasure {
    pub flagged: f64,
    pub found: f64,
    pub misfiled: f64,
}

impl LevelMeasure {
    /// 0 to 1; `None` where nothing was flagged.
    pub fn precision(&self) -> Option<f64> {
        (self.flagged > 0.0).then(|| self.found / self.flagged)
    }

    /// 0 to 1; `None` where nothing was misfiled.
    pub fn recall(&self) -> Option<f64> {
        (self.misfiled > 0.0).then(|| self.found / self.misfiled)
    }
}

/// Posts whose probability of being misfiled fell into one interval.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ReliabilityBin {
    /// The interval, half open, the last one closed.
    pub from: f64,
    pub to: f64,
    pub weight: f64,
    /// What the model said on average, 0 to 1.
    pub predicted: f64,
    /// The share that was misfiled, 0 to 1.
    pub actual: f64,
}

/// How well the model knows one column.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnMeasure {
    pub name: String,
    /// Posts that belong in the column.
    pub posts: u32,
    /// Posts for which the model's best column is this one.
    pub predicted: u32,
    /// Both.
    pub agreed: u32,
}

impl ColumnMeasure {
    /// Of the posts the model would put here, the share that belongs here.
    pub fn precision(&self) -> Option<f64> {
        (self.predicted > 0).then(|| f64::from(self.agreed) / f64::from(self.predicted))
    }

    /// Of the posts that belong here, the share the model would put here.
    pub fn recall(&self) -> Option<f64> {
        (self.posts > 0).then(|| f64::from(self.agreed) / f64::from(self.posts))
    }
}

/// What an evaluation found.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    pub posts: usize,
    /// Posts whose right column the model does not know.
    pub unknown: usize,
    /// Of info, warning and error, in this order.
    pub levels: [LevelMeasure; 3],
    pub reliability: Vec<ReliabilityBin>,
    pub columns: Vec<ColumnMeasure>,
    /// `confusion[right][best]`, by the order of the model's columns.
    pub confusion: Vec<Vec<u32>>,
    /// The single claims, in input order.
    pub cases: Vec<Case>,
}

impl Evaluation {
    /// A level and those above it.
    pub fn level(&self, level: Level) -> LevelMeasure {
        self.levels[level as usize]
    }

    /// The share of posts whose best column is the right one, 0 to 1.
    pub fn accuracy(&self) -> Option<f64> {
        let posts: u32 = self.columns.iter().map(|column| column.posts).sum();
        let agreed: u32 = self.columns.iter().map(|column| column.agreed).sum();
        (posts > 0).then(|| f64::from(agreed) / f64::from(posts))
    }

    /// The mean distance between predicted and actual shares, weighed by the bins.
    pub fn calibration_error(&self) -> f64 {
        let all: f64 = self.reliability.iter().map(|bin| bin.weight).sum();
        let off: f64 = self
            .reliability
            .iter()
            .map(|bin| bin.weight * (bin.predicted - bin.actual).abs())
            .sum();
        if all > 0.0 { off / all } else { 0.0 }
    }
}

/// Judges every post in the column it claims and compares with the truth.
pub fn evaluate(model: &Model, jieba: &Jieba, posts: &[EvaluationPost<'_>]) -> Evaluation {
    let mut tally = Tally::new(model);
    for post in posts {
        let reading = model.read(jieba, post.text);
        tally.confuse(model.column(post.right), &reading.probabilities);
        tally.claim(
            &reading,
            model.column(post.claimed),
            post.claimed != post.right,
            1.0,
        );
    }
    tally.finish(posts.len())
}

/// The same where no truth is known: every post counts as right in its own column, with weight
/// 1 − `rate`, and as misfiled in each other column, with `rate` in all. Posts of unknown
/// columns are counted and left aside. What is misfiled in the archive counts as a false alarm,
/// so precision is underestimated.
pub fn evaluate_by_injection(
    model: &Model,
    jieba: &Jieba,
    posts: &[(PostText<'_>, &str)],
    rate: f64,
) -> Evaluation {
    let mut tally = Tally::new(model);
    let columns = model.columns().len();
    for (text, own) in posts {
        let reading = model.read(jieba, *text);
        let own = model.column(own);
        tally.confuse(own, &reading.probabilities);
        if let Some(own) = own {
            for column in 0..columns {
                let misfiled = column != own;
                let weight = if misfiled {
                    rate / (columns - 1) as f64
                } else {
                    1.0 - rate
                };
                tally.claim(&reading, Some(column), misfiled, weight);
            }
        }
    }
    tally.finish(posts.len())
}

/// Finer where it matters: at both ends.
const BOUNDS: [f64; 9] = [0.0, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 1.0];

struct Tally<'m> {
    model: &'m Model,
    unknown: usize,
    confusion: Vec<Vec<u32>>,
    cases: Vec<Case>,
}

impl<'m> Tally<'m> {
    fn new(model: &'m Model) -> Self {
        let columns = model.columns().len();
        Self {
            model,
            unknown: 0,
            confusion: vec![vec![0; columns]; columns],
            cases: Vec::new(),
        }
    }

    fn confuse(&mut self, right: Option<usize>, probabilities: &[f64]) {
        let best = (0..probabilities.len()).reduce(|best, n| {
            if probabilities[n] > probabilities[best] {
                n
            } else {
                best
            }
        });
        match (right, best) {
            (Some(right), Some(best)) => self.confusion[right][best] += 1,
            _ => self.unknown += 1,
        }
    }

    fn claim(&mut self, post: &Reading, claimed: Option<usize>, misfiled: bool, weight: f64) {
        let weighed = claimed.map(|claimed| self.model.weigh(post, claimed));
        self.cases.push(Case {
            probability: weighed.as_ref().map(|weighed| weighed.misfiled),
            level: weighed.and_then(|weighed| weighed.level),
            misfiled,
            weight,
        });
    }

    fn finish(self, posts: usize) -> Evaluation {
        let levels = [Level::Info, Level::Warning, Level::Error].map(|level| {
            let mut measure = LevelMeasure::default();
            for case in &self.cases {
                let flagged = case.level >= Some(level);
                measure.flagged += if flagged { case.weight } else { 0.0 };
                measure.misfiled += if case.misfiled { case.weight } else { 0.0 };
                measure.found += if flagged && case.misfiled {
                    case.weight
                } else {
                    0.0
                };
            }
            measure
        });
        let columns = self
            .model
            .columns()
            .iter()
            .enumerate()
            .map(|(n, column)| ColumnMeasure {
                name: column.name.clone(),
                posts: self.confusion[n].iter().sum(),
                predicted: self.confusion.iter().map(|row| row[n]).sum(),
                agreed: self.confusion[n][n],
            })
            .collect();
        Evaluation {
            posts,
            unknown: self.unknown,
            levels,
            reliability: reliability(&self.cases),
            columns,
            confusion: self.confusion,
            cases: self.cases,
        }
    }
}

/// The reliability table of any claims.
pub fn reliability(cases: &[Case]) -> Vec<ReliabilityBin> {
    BOUNDS
        .windows(2)
        .map(|bounds| {
            let (from, to) = (bounds[0], bounds[1]);
            let mut bin = ReliabilityBin {
                from,
                to,
                ..Default::default()
            };
            for case in cases {
                let Some(p) = case.probability else { continue };
                if p >= from && (p < to || to >= 1.0) {
                    bin.weight += case.weight;
                    bin.predicted += case.weight * p;
                    bin.actual += if case.misfiled { case.weight } else { 0.0 };
                }
            }
            if bin.weight > 0.0 {
                bin.predicted /= bin.weight;
                bin.actual /= bin.weight;
            }
            bin
        })
        .collect()
}
