//! How far the classifier's scores may be believed, and how dirty an archive is.
//!
//! The model of an archive: a post's author takes the right column with probability 1 − π and
//! any one of the K − 1 wrong ones with π/(K − 1) each. The right column follows the
//! classifier's distribution at temperature T. So the column `c` that a post was found in has
//! the likelihood (1 − π)·p + π·(1 − p)/(K − 1), p = softmax(logits / T)[c]; T and π are the
//! maximum of the product over all posts, each scored by a classifier that has not seen it.

/// The temperature and the misfiling rate of an archive.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Calibration {
    /// T: logits are divided by it; above 1 the classifier was too sure of itself.
    pub temperature: f64,
    /// π: the share of posts that stand in a wrong column.
    pub misfiling_rate: f64,
}

/// The classifier's logits for one post, and the number of the column it stands in.
#[derive(Debug, Clone)]
pub struct LabelledScores {
    pub logits: Vec<f32>,
    pub column: usize,
}

/// An archive without a single misfiled post still says little about the next post: π never
/// falls below this, or the check would never speak again.
const LEAST_RATE: f64 = 0.002;
/// Beyond this the columns mean nothing.
const GREATEST_RATE: f64 = 0.5;
const COOLEST: f64 = 0.02;
const HOTTEST: f64 = 50.0;
const GRID: usize = 32;
/// Within this factor of an end counts as the end.
const NEAR_BOUND: f64 = 1.1;

impl Calibration {
    /// Maximum likelihood over posts scored by classifiers that have not seen them.
    pub fn estimate(scores: &[LabelledScores]) -> Self {
        let mut probabilities = Vec::with_capacity(scores.len());
        let mut at = |log_temperature: f64| {
            probabilities.clear();
            probabilities.extend(scores.iter().map(|score| {
                let p = tempered(&score.logits, log_temperature.exp(), score.column);
                (p, other(p, score.logits.len()))
            }));
            let rate = best_rate(&probabilities);
            (log_likelihood(&probabilities, rate), rate)
        };
        let (low, high) = (COOLEST.ln(), HOTTEST.ln());
        let step = (high - low) / GRID as f64;
        let mut best = (f64::NEG_INFINITY, low);
        for n in 0..=GRID {
            let here = low + step * n as f64;
            let (likelihood, _) = at(here);
            if likelihood > best.0 {
                best = (likelihood, here);
            }
        }
        // Golden section around the best point of the grid.
        let ratio = (5f64.sqrt() - 1.0) / 2.0;
        let (mut a, mut b) = (best.1 - step, best.1 + step);
        let (mut c, mut d) = (b - ratio * (b - a), a + ratio * (b - a));
        let (mut at_c, mut at_d) = (at(c).0, at(d).0);
        while b - a > 1e-5 {
            if at_c > at_d {
                (b, d, at_d) = (d, c, at_c);
                c = b - ratio * (b - a);
                at_c = at(c).0;
            } else {
                (a, c, at_c) = (c, d, at_d);
                d = a + ratio * (b - a);
                at_d = at(d).0;
            }
        }
        let log_temperature = (a + b) / 2.0;
        Self {
            temperature: log_temperature.exp(),
            misfiling_rate: at(log_temperature).1,
        }
    }

    /// True if the temperature ran to an end of what was searched: the scores say nothing sure.
    pub fn temperature_at_bound(&self) -> bool {
        self.temperature < COOLEST * NEAR_BOUND || self.temperature > HOTTEST / NEAR_BOUND
    }

    /// True if the misfiling rate ran to its upper end: the columns cannot be told apart.
    pub fn rate_at_bound(&self) -> bool {
        self.misfiling_rate > GREATEST_RATE - 1e-6
    }

    /// Probabilities of all columns, tempered.
    pub fn probabilities(&self, logits: &[f32]) -> Vec<f64> {
        let top = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let mut all: Vec<f64> = logits
            .iter()
            .map(|logit| (f64::from(logit - top) / self.temperature).exp())
            .collect();
        let sum: f64 = all.iter().sum();
        for p in &mut all {
            *p /= sum;
        }
        all
    }

    /// The probability that a post stands in the wrong column, where `p` is the tempered
    /// probability of that column among `columns`.
    pub fn misfiled(&self, p: f64, columns: usize) -> f64 {
        let wrong = self.misfiling_rate * other(p, columns);
        let right = (1.0 - self.misfiling_rate) * p;
        if wrong + right > 0.0 {
            wrong / (wrong + right)
        } else {
            0.0
        }
    }
}

/// (1 − p)/(K − 1): the probability of a column if the post was put there by mistake.
fn other(p: f64, columns: usize) -> f64 {
    (1.0 - p) / (columns.max(2) - 1) as f64
}

fn tempered(logits: &[f32], temperature: f64, column: usize) -> f64 {
    let own = logits[column];
    let sum: f64 = logits
        .iter()
        .map(|logit| (f64::from(logit - own) / temperature).exp())
        .sum();
    1.0 / sum
}

fn log_likelihood(probabilities: &[(f64, f64)], rate: f64) -> f64 {
    probabilities
        .iter()
        .map(|(p, q)| ((1.0 - rate) * p + rate * q).max(f64::MIN_POSITIVE).ln())
        .sum()
}

/// The likelihood is concave in the rate: halve the interval on the sign of its slope.
fn best_rate(probabilities: &[(f64, f64)]) -> f64 {
    let slope = |rate: f64| -> f64 {
        probabilities
            .iter()
            .map(|(p, q)| (q - p) / ((1.0 - rate) * p + rate * q).max(f64::MIN_POSITIVE))
            .sum()
    };
    let (mut low, mut high) = (LEAST_RATE, GREATEST_RATE);
    if slope(low) <= 0.0 {
        return low;
    }
    if slope(high) >= 0.0 {
        return high;
    }
    for _ in 0..40 {
        let middle = (low + high) / 2.0;
        if slope(middle) > 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    (low + high) / 2.0
}

#[cfg(test)]
mod tests {
    use super::super::random::Random;
    use super::*;

    /// Posts whose right column follows softmax(logits / temperature) exactly, a share of
    /// `rate` of them moved to a random other column; with each post whether it was moved.
    fn archive_with_moves(
        posts: usize,
        columns: usize,
        temperature: f64,
        rate: f64,
    ) -> Vec<(LabelledScores, bool)> {
        let mut random = Random::new(7);
        let mut unit = || random.below(1 << 30) as f64 / f64::from(1 << 30);
        (0..posts)
            .map(|_| {
                let mut logits: Vec<f32> = (0..columns).map(|_| (unit() * 4.0) as f32).collect();
                let likely = (unit() * columns as f64) as usize;
                logits[likely] += (2.0 + unit() * 14.0) as f32;
                let calibration = Calibration {
                    temperature,
                    misfiling_rate: rate,
                };
                let mut left = unit();
                let mut column = 0;
                for (n, p) in calibration.probabilities(&logits).iter().enumerate() {
                    column = n;
                    left -= p;
                    if left < 0.0 {
                        break;
                    }
                }
                let moved = unit() < rate;
                if moved {
                    column = (column + 1 + (unit() * (columns - 1) as f64) as usize) % columns;
                }
                (LabelledScores { logits, column }, moved)
            })
            .collect()
    }

    fn archive(posts: usize, columns: usize, temperature: f64, rate: f64) -> Vec<LabelledScores> {
        archive_with_moves(posts, columns, temperature, rate)
            .into_iter()
            .map(|(scores, _)| scores)
            .collect()
    }

    #[test]
    fn temperature_and_rate_are_recovered() {
        for (temperature, rate) in [(0.7, 0.05), (1.0, 0.01), (2.0, 0.05), (2.5, 0.15)] {
            let found = Calibration::estimate(&archive(20_000, 6, temperature, rate));
            assert!(
                (found.temperature / temperature).ln().abs() < 0.08,
                "T {temperature}: {found:?}"
            );
            assert!(
                (found.misfiling_rate - rate).abs() < 0.01,
                "π {rate}: {found:?}"
            );
        }
    }

    #[test]
    fn the_probability_of_being_misfiled_is_calibrated() {
        let posts = archive_with_moves(60_000, 5, 2.0, 0.08);
        let scores: Vec<_> = posts.iter().map(|(scores, _)| scores.clone()).collect();
        let found = Calibration::estimate(&scores);
        let judged: Vec<(f64, bool)> = posts
            .iter()
            .map(|(post, moved)| {
                let p = found.probabilities(&post.logits)[post.column];
                (found.misfiled(p, 5), *moved)
            })
            .collect();
        for (from, to) in [(0.0, 0.1), (0.1, 0.4), (0.4, 0.7), (0.7, 0.9), (0.9, 1.01)] {
            let bin: Vec<_> = judged
                .iter()
                .filter(|(p, _)| (from..to).contains(p))
                .collect();
            assert!(bin.len() > 100, "{from}: {}", bin.len());
            let said = bin.iter().map(|(p, _)| p).sum::<f64>() / bin.len() as f64;
            let was = bin.iter().filter(|(_, moved)| *moved).count() as f64 / bin.len() as f64;
            assert!(
                (said - was).abs() < 0.05,
                "{from}–{to}: said {said}, was {was}"
            );
        }
    }

    #[test]
    fn a_clean_archive_keeps_a_small_rate() {
        let found = Calibration::estimate(&archive(3_000, 4, 1.0, 0.0));
        assert!(found.misfiling_rate >= LEAST_RATE);
        assert!(found.misfiling_rate < 0.01, "{found:?}");
    }

    #[test]
    fn the_formula() {
        let calibration = Calibration {
            temperature: 1.0,
            misfiling_rate: 0.05,
        };
        let p = 0.2;
        let a = 0.05 * 0.8 / 4.0;
        assert!((calibration.misfiled(p, 5) - a / (a + 0.95 * p)).abs() < 1e-12);
        assert_eq!(calibration.misfiled(0.0, 5), 1.0);
        assert_eq!(calibration.misfiled(1.0, 5), 0.0);
    }
}
