//! A trained model: judges whether a post stands in the right column, and suggests one.

use jieba_rs::Jieba;

use super::calibration::Calibration;
use super::classifier::{CompactVectors, Weights};
use super::features::{
    DIMENSION, ExplainedVector, FeatureOptions, Featurizer, PostText, SparseVector,
};
use super::precedent::{self, OddPost, Precedent};
use super::thresholds::{Measured, Thresholds};

/// How sure a judgement is; ordered from hint to error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    Info,
    Warning,
    Error,
}

/// A column as the model knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelColumn {
    pub name: String,
    /// Posts it was learnt from.
    pub posts: u32,
    /// Posts of the archive that were left out as suspicious.
    pub left_out: u32,
}

/// A column and its probability, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ColumnGuess<'m> {
    pub column: &'m str,
    pub probability: f64,
}

/// A word of the post (digits folded, Latin in small letters) and how far it pulls towards the
/// suggested column and away from the claimed one, in logits.
#[derive(Debug, Clone, PartialEq)]
pub struct WordWeight {
    pub word: String,
    pub weight: f64,
}

/// What the model says about a post in a column.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement<'m> {
    /// The column the post claims.
    pub claimed: &'m str,
    /// The probability that the post belongs elsewhere, 0 to 1.
    pub misfiled: f64,
    /// What the archive says for the post where its words speak against the column.
    pub precedent: Option<Precedent>,
    /// `None`: nothing to say.
    pub level: Option<Level>,
    /// Precision that this level had on injected misfilings, 0 to 1; 0 without a level.
    pub level_precision: f64,
    /// The three best columns, best first; the claimed one may be among them.
    pub best: Vec<ColumnGuess<'m>>,
    /// The best column other than the claimed one.
    pub suggested: ColumnGuess<'m>,
    /// The words that weighed most for `suggested` against `claimed`, heaviest first, at most
    /// [`MOST_WORDS`]; empty without a level.
    pub words: Vec<WordWeight>,
}

/// How many words a judgement names.
pub const MOST_WORDS: usize = 6;
const BEST: usize = 3;
/// Weights are kept below about this many bytes.
const WEIGHT_BUDGET: usize = 860_000;
const NO_ROW: u32 = u32::MAX;

/// The columns of one site, as its own posts teach them.
#[derive(Debug, Clone)]
pub struct Model {
    pub(super) columns: Vec<ModelColumn>,
    pub(super) calibration: Calibration,
    pub(super) thresholds: Thresholds,
    /// Of info, warning and error, in this order.
    pub(super) measured: [Measured; 3],
    pub(super) odd_posts: Vec<OddPost>,
    pub(super) featurizer: Featurizer,
    /// Hashed feature of each row, ascending.
    pub(super) features: Vec<u32>,
    /// Row by row, one byte a column.
    pub(super) weights: Vec<i8>,
    /// What one step of a column's weights stands for.
    pub(super) scales: Vec<f32>,
    pub(super) biases: Vec<f32>,
    /// Hashed feature → row.
    row_of: Vec<u32>,
}

/// A post's vector and the tempered probability of every column.
pub(super) struct Reading {
    pub(super) vector: SparseVector,
    pub(super) probabilities: Vec<f64>,
}

/// A post in a column.
pub(super) struct Weighed {
    /// The probability that it belongs elsewhere, 0 to 1.
    pub(super) misfiled: f64,
    pub(super) level: Option<Level>,
    pub(super) precedent: Option<Precedent>,
}

impl Model {
    /// Rounds the weights to a byte each and keeps the rows that matter most.
    pub(super) fn quantised(
        columns: Vec<ModelColumn>,
        featurizer: Featurizer,
        data: &CompactVectors,
        weights: &Weights,
        chosen: &[usize],
    ) -> Self {
        let classes = weights.classes;
        let mut scales = vec![0.0f32; classes];
        for row in weights.rows.chunks_exact(classes) {
            for (scale, weight) in scales.iter_mut().zip(row) {
                *scale = scale.max(weight.abs() / 127.0);
            }
        }
        let mut posts_with = vec![0u32; data.features.len()];
        for &post in chosen {
            for &feature in &data.vectors[post].features {
                posts_with[feature as usize] += 1;
            }
        }
        // What a row adds to the spread of the logits over the archive.
        let mut rows: Vec<(f64, usize)> = weights
            .rows
            .chunks_exact(classes)
            .enumerate()
            .filter(|(_, row)| {
                row.iter()
                    .zip(&scales)
                    .any(|(weight, scale)| quantise(*weight, *scale) != 0)
            })
            .map(|(n, row)| {
                let size: f64 = row.iter().map(|w| f64::from(w * w)).sum();
                (size * f64::from(posts_with[n]), n)
            })
            .collect();
        // A row takes its gap, a bit a column and at most a byte a column.
        let most = WEIGHT_BUDGET / (classes + classes.div_ceil(8) + 2);
        if rows.len() > most {
            rows.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            rows.truncate(most);
        }
        rows.sort_by_key(|&(_, n)| n);
        let features = rows.iter().map(|&(_, n)| data.features[n]).collect();
        let bytes = rows
            .iter()
            .flat_map(|&(_, n)| {
                weights.rows[n * classes..(n + 1) * classes]
                    .iter()
                    .zip(&scales)
                    .map(|(weight, scale)| quantise(*weight, *scale))
            })
            .collect();
        Self::assemble(
            columns,
            Calibration {
                temperature: 1.0,
                misfiling_rate: 0.0,
            },
            Thresholds {
                error: 2.0,
                error_posts: 0,
                warning_posts: 0,
                warning: 2.0,
                info: 2.0,
            },
            [Measured::default(); 3],
            Vec::new(),
            featurizer,
            features,
            bytes,
            scales,
            weights.bias.clone(),
        )
    }

    #[allow(clippy::too_many_arguments)]
    pub(super) fn assemble(
        columns: Vec<ModelColumn>,
        calibration: Calibration,
        thresholds: Thresholds,
        measured: [Measured; 3],
        odd_posts: Vec<OddPost>,
        featurizer: Featurizer,
        features: Vec<u32>,
        weights: Vec<i8>,
        scales: Vec<f32>,
        biases: Vec<f32>,
    ) -> Self {
        let mut row_of = vec![NO_ROW; DIMENSION];
        for (row, &feature) in features.iter().enumerate() {
            row_of[feature as usize] = row as u32;
        }
        Self {
            columns,
            calibration,
            thresholds,
            measured,
            odd_posts,
            featurizer,
            features,
            weights,
            scales,
            biases,
            row_of,
        }
    }

    /// The columns, in the order of first occurrence in the archive.
    pub fn columns(&self) -> &[ModelColumn] {
        &self.columns
    }

    /// The number of a column, by its exact name.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    pub fn calibration(&self) -> Calibration {
        self.calibration
    }

    pub fn thresholds(&self) -> Thresholds {
        self.thresholds
    }

    /// Precision and recall of a level and those above it, on injected misfilings.
    pub fn measured(&self, level: Level) -> Measured {
        self.measured[level as usize]
    }

    pub fn feature_options(&self) -> &FeatureOptions {
        self.featurizer.options()
    }

    fn row(&self, feature: u32) -> Option<&[i8]> {
        let row = *self.row_of.get(feature as usize)?;
        let start = (row != NO_ROW).then_some(row as usize * self.columns.len())?;
        self.weights.get(start..start + self.columns.len())
    }

    fn logits(&self, vector: &SparseVector) -> Vec<f32> {
        let mut sums = vec![0.0f32; self.columns.len()];
        for (feature, value) in vector.iter() {
            if let Some(row) = self.row(feature) {
                for (sum, &weight) in sums.iter_mut().zip(row) {
                    *sum += f32::from(weight) * value;
                }
            }
        }
        for ((sum, scale), bias) in sums.iter_mut().zip(&self.scales).zip(&self.biases) {
            *sum = *sum * scale + bias;
        }
        sums
    }

    /// The tempered probability of every column, in the order of [`Model::columns`].
    pub fn probabilities(&self, jieba: &Jieba, text: PostText<'_>) -> Vec<f64> {
        self.read(jieba, text).probabilities
    }

    /// A post as the model sees it.
    pub(super) fn read(&self, jieba: &Jieba, text: PostText<'_>) -> Reading {
        let vector = self.featurizer.vector(jieba, text);
        Reading {
            probabilities: self.calibration.probabilities(&self.logits(&vector)),
            vector,
        }
    }

    /// Judges a post where it stands in `column`, by its words and by what the archive holds of
    /// its like there.
    pub(super) fn weigh(&self, post: &Reading, column: usize) -> Weighed {
        let columns = self.columns.len();
        let own = post.probabilities[column];
        let misfiled = self.calibration.misfiled(own, columns);
        let level = self.thresholds.level(misfiled, self.columns[column].posts);
        let precedent = level.and_then(|_| precedent::find(&self.odd_posts, &post.vector, column));
        let (misfiled, most) = match precedent {
            None => (misfiled, Level::Error),
            // An error may block a post, so it needs a column without its like.
            Some(Precedent::Odd) => (misfiled, Level::Warning),
            Some(Precedent::Practice { share }) => (
                self.calibration.misfiled(own.max(share), columns),
                Level::Info,
            ),
        };
        Weighed {
            misfiled,
            level: level.map(|level| level.min(most)),
            precedent,
        }
    }

    /// The three best columns for a draft without one, best first.
    pub fn suggest(&self, jieba: &Jieba, text: PostText<'_>) -> Vec<ColumnGuess<'_>> {
        self.best(&self.probabilities(jieba, text))
    }

    /// Judges a post in the column it claims; `None` if the model does not know that column.
    pub fn judge(&self, jieba: &Jieba, text: PostText<'_>, claimed: &str) -> Option<Judgement<'_>> {
        let claimed = self.column(claimed)?;
        let reading = self.read(jieba, text);
        let Weighed {
            misfiled,
            level,
            precedent,
        } = self.weigh(&reading, claimed);
        let probabilities = reading.probabilities;
        let suggested = (0..self.columns.len())
            .filter(|&column| column != claimed)
            .reduce(|best, column| {
                if probabilities[column] > probabilities[best] {
                    column
                } else {
                    best
                }
            })?;
        let words = if level.is_some() {
            self.words(&self.featurizer.explained(jieba, text), suggested, claimed)
        } else {
            Vec::new()
        };
        Some(Judgement {
            claimed: &self.columns[claimed].name,
            misfiled,
            precedent,
            level,
            level_precision: level.map_or(0.0, |level| self.measured(level).precision),
            best: self.best(&probabilities),
            suggested: self.guess(suggested, &probabilities),
            words,
        })
    }

    /// The words of a post that pull most towards one column and away from another, heaviest
    /// first; none if the model does not know both columns.
    pub fn words_for(
        &self,
        jieba: &Jieba,
        text: PostText<'_>,
        towards: &str,
        from: &str,
    ) -> Vec<WordWeight> {
        match (self.column(towards), self.column(from)) {
            (Some(towards), Some(from)) => {
                self.words(&self.featurizer.explained(jieba, text), towards, from)
            }
            _ => Vec::new(),
        }
    }

    fn guess(&self, column: usize, probabilities: &[f64]) -> ColumnGuess<'_> {
        ColumnGuess {
            column: &self.columns[column].name,
            probability: probabilities[column],
        }
    }

    fn best(&self, probabilities: &[f64]) -> Vec<ColumnGuess<'_>> {
        let mut order: Vec<usize> = (0..probabilities.len()).collect();
        order.sort_by(|&a, &b| {
            probabilities[b]
                .total_cmp(&probabilities[a])
                .then(a.cmp(&b))
        });
        order.truncate(BEST);
        order
            .into_iter()
            .map(|column| self.guess(column, probabilities))
            .collect()
    }

    fn words(&self, post: &ExplainedVector, towards: usize, from: usize) -> Vec<WordWeight> {
        let mut sums = vec![0.0f64; post.words.len()];
        for &(position, word, share) in &post.shares {
            if let Some(row) = self.row(post.vector.features[position]) {
                let pull = f32::from(row[towards]) * self.scales[towards]
                    - f32::from(row[from]) * self.scales[from];
                sums[word] += f64::from(pull * post.vector.values[position] * share);
            }
        }
        let mut weighed: Vec<(usize, f64)> = sums
            .into_iter()
            .enumerate()
            // A mark or a single letter tells an editor nothing.
            .filter(|(n, weight)| *weight > 0.0 && post.words[*n].chars().any(char::is_alphabetic))
            .collect();
        weighed.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        weighed.truncate(MOST_WORDS);
        weighed
            .into_iter()
            .map(|(n, weight)| WordWeight {
                word: post.words[n].clone(),
                weight,
            })
            .collect()
    }
}

fn quantise(weight: f32, scale: f32) -> i8 {
    if scale > 0.0 {
        (weight / scale).round().clamp(-127.0, 127.0) as i8
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A site with many columns and a large vocabulary: more rows than the file may hold.
    #[test]
    fn rows_that_matter_least_are_pruned_until_the_file_fits() {
        const CLASSES: usize = 20;
        const FEATURES: usize = 80_000;
        let features: Vec<u32> = (0..FEATURES as u32).map(|n| n * 3).collect();
        let vectors: Vec<SparseVector> = (0..CLASSES as u32)
            .map(|class| SparseVector {
                features: vec![class, 1000 + class],
                values: vec![1.0, 1.0],
            })
            .collect();
        // Feature n speaks for class n: loudly below CLASSES, faintly above.
        let rows = (0..FEATURES)
            .flat_map(|feature| {
                (0..CLASSES).map(move |class| match (feature % CLASSES == class, feature) {
                    (true, 0..CLASSES) => 8.0,
                    (true, _) => 0.5,
                    _ => -0.1,
                })
            })
            .collect();
        let weights = Weights {
            classes: CLASSES,
            rows,
            bias: vec![0.0; CLASSES],
        };
        let columns = (0..CLASSES)
            .map(|n| ModelColumn {
                name: format!("栏目{n}"),
                posts: 100,
                left_out: 0,
            })
            .collect();
        let data = CompactVectors { features, vectors };
        let chosen: Vec<usize> = (0..CLASSES).collect();
        let featurizer = Featurizer::new(FeatureOptions::default());
        let model = Model::quantised(columns, featurizer, &data, &weights, &chosen);
        assert!(model.features.len() < FEATURES, "{}", model.features.len());
        let bytes = model.to_bytes();
        assert!(bytes.len() <= 1_000_000, "{} bytes", bytes.len());
        let read = Model::from_bytes(&bytes).expect("a sound file");
        for class in 0..CLASSES {
            let vector = SparseVector {
                features: vec![class as u32 * 3],
                values: vec![1.0],
            };
            let logits = read.logits(&vector);
            let best = (0..CLASSES).max_by(|&a, &b| logits[a].total_cmp(&logits[b]));
            assert_eq!(best, Some(class));
        }
    }
}
