//! Multinomial logistic regression, trained by AdaGrad over sparse vectors.

use super::features::SparseVector;
use super::random::Random;

/// How the classifier learns. The defaults were chosen by measurement.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LearningOptions {
    pub learning_rate: f32,
    /// Strength of the quadratic penalty, applied to the weights that a post touches.
    pub l2: f32,
    pub epochs: u32,
    /// Where the sums of squared gradients begin. Above 0, weights that hardly matter stay
    /// near zero instead of taking a whole step at their first touch.
    pub initial_squares: f32,
    pub seed: u64,
}

impl Default for LearningOptions {
    fn default() -> Self {
        Self {
            learning_rate: 0.2,
            l2: 1e-4,
            epochs: 3,
            initial_squares: 0.01,
            seed: 6,
        }
    }
}

/// Vectors with their features renumbered to those that occur, so that weights are dense.
pub(super) struct CompactVectors {
    /// Hashed feature of each number, ascending.
    pub(super) features: Vec<u32>,
    pub(super) vectors: Vec<SparseVector>,
}

impl CompactVectors {
    /// Keeps the features that occur in at least `min_posts` vectors.
    pub(super) fn new(vectors: &[SparseVector], min_posts: u32) -> Self {
        let mut counts = vec![0u32; super::features::DIMENSION];
        for vector in vectors {
            for &feature in &vector.features {
                counts[feature as usize] += 1;
            }
        }
        let mut features = Vec::new();
        let mut number_of = vec![u32::MAX; counts.len()];
        for (feature, &count) in counts.iter().enumerate() {
            if count >= min_posts.max(1) {
                number_of[feature] = features.len() as u32;
                features.push(feature as u32);
            }
        }
        let vectors = vectors
            .iter()
            .map(|vector| {
                let mut compact = SparseVector::default();
                for (feature, value) in vector.iter() {
                    let number = number_of[feature as usize];
                    if number != u32::MAX {
                        compact.features.push(number);
                        compact.values.push(value);
                    }
                }
                compact
            })
            .collect();
        Self { features, vectors }
    }
}

/// The learnt weights: one row a (compact) feature, one column a class.
pub(super) struct Weights {
    pub(super) classes: usize,
    pub(super) rows: Vec<f32>,
    pub(super) bias: Vec<f32>,
}

impl Weights {
    /// Unnormalised log-probabilities of the classes.
    pub(super) fn logits(&self, vector: &SparseVector) -> Vec<f32> {
        let mut logits = self.bias.clone();
        for (feature, value) in vector.iter() {
            let row = feature as usize * self.classes;
            for (logit, weight) in logits.iter_mut().zip(&self.rows[row..row + self.classes]) {
                *logit += weight * value;
            }
        }
        logits
    }
}

const TINY: f32 = 1e-8;

/// Learns from the vectors named by `chosen`; `labels` runs parallel to `data.vectors`.
pub(super) fn fit(
    data: &CompactVectors,
    labels: &[usize],
    chosen: &[usize],
    classes: usize,
    options: &LearningOptions,
) -> Weights {
    let mut weights = Weights {
        classes,
        rows: vec![0.0; data.features.len() * classes],
        bias: vec![0.0; classes],
    };
    let mut row_squares = vec![options.initial_squares; weights.rows.len()];
    let mut bias_squares = vec![options.initial_squares; classes];
    let mut order = chosen.to_vec();
    let mut random = Random::new(options.seed);
    let rate = options.learning_rate;
    for _ in 0..options.epochs {
        random.shuffle(&mut order);
        for &post in &order {
            let vector = &data.vectors[post];
            let mut error = weights.logits(vector);
            softmax(&mut error);
            error[labels[post]] -= 1.0;
            for (feature, value) in vector.iter() {
                let row = feature as usize * classes;
                let range = row..row + classes;
                for ((weight, squares), error) in weights.rows[range.clone()]
                    .iter_mut()
                    .zip(&mut row_squares[range])
                    .zip(&error)
                {
                    let gradient = error * value + options.l2 * *weight;
                    *squares += gradient * gradient;
                    *weight -= rate * gradient / (squares.sqrt() + TINY);
                }
            }
            for ((bias, squares), error) in
                weights.bias.iter_mut().zip(&mut bias_squares).zip(&error)
            {
                *squares += error * error;
                *bias -= rate * error / (squares.sqrt() + TINY);
            }
        }
    }
    weights
}

/// Log-probabilities → probabilities, in place.
pub(super) fn softmax(logits: &mut [f32]) {
    let top = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for logit in logits.iter_mut() {
        *logit = (*logit - top).exp();
        sum += *logit;
    }
    for logit in logits.iter_mut() {
        *logit /= sum;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vector(features: &[u32]) -> SparseVector {
        let value = 1.0 / (features.len() as f32).sqrt();
        SparseVector {
            features: features.to_vec(),
            values: vec![value; features.len()],
        }
    }

    #[test]
    fn separable_posts_are_learnt() {
        let vectors: Vec<_> = (0..60).map(|n| vector(&[n % 3, 10 + n % 7])).collect();
        let labels: Vec<_> = (0..60).map(|n| n % 3).collect();
        let data = CompactVectors::new(&vectors, 1);
        let chosen: Vec<_> = (0..60).collect();
        let weights = fit(&data, &labels, &chosen, 3, &LearningOptions::default());
        for (vector, &label) in data.vectors.iter().zip(&labels) {
            let logits = weights.logits(vector);
            let best = (0..3).max_by(|&a, &b| logits[a].total_cmp(&logits[b]));
            assert_eq!(best, Some(label));
        }
    }

    #[test]
    fn rare_features_can_be_dropped() {
        let data = CompactVectors::new(&[vector(&[1, 2]), vector(&[2, 3])], 2);
        assert_eq!(data.features, [2]);
        assert_eq!(data.vectors[0].features, [0]);
    }
}
