//! Gradient boosting of small trees on log-loss, histogram based.

use super::random::Random;
use crate::dictionary::language_model::classifier::{Classifier, Node};

/// How trees are grown.
#[derive(Debug, Clone)]
pub struct Options {
    pub trees: usize,
    pub depth: usize,
    pub rate: f64,
    /// Features that each split chooses among, in a thousand of all: so trees do not all lean on the
    /// same few.
    pub seen_per_mille: usize,
    /// Rows that each tree learns from, in a thousand of all: so trees do not all make the same
    /// mistakes.
    pub rows_per_mille: usize,
    /// Smallest weight of a leaf (sum of second derivatives).
    pub least: f64,
    pub ridge: f64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            trees: 600,
            depth: 5,
            rate: 0.035,
            seen_per_mille: 300,
            rows_per_mille: 500,
            least: 10.0,
            ridge: 2.0,
        }
    }
}

/// Of the choice of features that each split sees.
const SEED: u64 = 11;

/// Most bins of one feature.
const BINS: usize = 64;

/// A row of features, whether it is a true correction, and its weight.
#[derive(Debug, Clone)]
pub struct Row {
    pub features: Vec<i16>,
    pub truth: bool,
    pub weight: f64,
}

/// The features of all rows in bins.
struct Binned {
    /// Upper bounds of each feature's bins.
    bounds: Vec<Vec<i16>>,
    /// The bin of each row, by feature.
    columns: Vec<Vec<u8>>,
}

/// Trains a classifier. Deterministic: ties go to the first feature and the lowest threshold.
#[must_use]
pub fn train(rows: &[Row], options: &Options) -> Classifier {
    let features = rows.first().map_or(0, |r| r.features.len());
    // Upper bounds of bins, by quantile.
    let bounds: Vec<Vec<i16>> = (0..features)
        .map(|f| {
            let mut values: Vec<i16> = rows.iter().map(|r| r.features[f]).collect();
            values.sort_unstable();
            let mut bounds: Vec<i16> = (1..BINS)
                .map(|b| values[b * (values.len() - 1) / BINS])
                .collect();
            bounds.dedup();
            bounds
        })
        .collect();
    let columns = (0..features)
        .map(|f| {
            rows.iter()
                .map(|r| bounds[f].partition_point(|&b| b < r.features[f]) as u8)
                .collect()
        })
        .collect();
    let binned = Binned { bounds, columns };

    let (mut positive, mut total) = (0.0, 0.0);
    for row in rows {
        total += row.weight;
        positive += if row.truth { row.weight } else { 0.0 };
    }
    let share = (positive / total).clamp(1e-4, 1.0 - 1e-4);
    let base = libm::log(share / (1.0 - share));
    let mut scores = vec![base; rows.len()];
    let mut trees = Vec::new();
    let mut gradients = vec![(0.0f64, 0.0f64); rows.len()];
    let mut random = Random::new(SEED);
    for _ in 0..options.trees {
        for (i, row) in rows.iter().enumerate() {
            if !random.per_mille(options.rows_per_mille) {
                gradients[i] = (0.0, 0.0);
                continue;
            }
            let p = 1.0 / (1.0 + libm::exp(-scores[i]));
            let y = f64::from(u8::from(row.truth));
            gradients[i] = (row.weight * (y - p), row.weight * p * (1.0 - p));
        }
        let mut nodes = Vec::new();
        let mut all: Vec<u32> = (0..rows.len() as u32).collect();
        grow(
            &mut nodes,
            &mut all,
            &binned,
            &gradients,
            &mut scores,
            &mut random,
            options,
        );
        trees.push(nodes);
    }
    Classifier::new(base as f32, features, trees)
}

/// Grows one tree breadth first, and adds its values to the scores.
fn grow(
    nodes: &mut Vec<Node>,
    all: &mut [u32],
    binned: &Binned,
    gradients: &[(f64, f64)],
    scores: &mut [f64],
    random: &mut Random,
    options: &Options,
) {
    nodes.push(Node::leaf(0.0));
    // Node, its rows, its depth.
    let mut open = std::collections::VecDeque::from([(0usize, 0usize..all.len(), 0usize)]);
    while let Some((node, range, depth)) = open.pop_front() {
        let members = &mut all[range.clone()];
        let (mut g, mut h) = (0.0, 0.0);
        for &i in members.iter() {
            g += gradients[i as usize].0;
            h += gradients[i as usize].1;
        }
        let split = if depth < options.depth {
            let seen = |_: &usize| random.per_mille(options.seen_per_mille);
            let seen: Vec<usize> = (0..binned.columns.len()).filter(seen).collect();
            best_split(&seen, members, binned, gradients, g, h, options)
        } else {
            None
        };
        let Some((feature, bin)) = split else {
            let value = options.rate * g / (h + options.ridge);
            nodes[node] = Node::leaf(value as f32);
            for &i in members.iter() {
                scores[i as usize] += f64::from(value as f32);
            }
            continue;
        };
        // Stable partition: the order of rows stays the same everywhere.
        let column = &binned.columns[feature];
        let (left, right): (Vec<u32>, Vec<u32>) = members
            .iter()
            .partition(|&&i| usize::from(column[i as usize]) <= bin);
        members[..left.len()].copy_from_slice(&left);
        members[left.len()..].copy_from_slice(&right);
        let child = nodes.len();
        nodes[node] = Node {
            feature: feature as u8,
            threshold: binned.bounds[feature][bin],
            left: child as u16,
            right: child as u16 + 1,
            value: 0.0,
        };
        nodes.push(Node::leaf(0.0));
        nodes.push(Node::leaf(0.0));
        let middle = range.start + left.len();
        open.push_back((child, range.start..middle, depth + 1));
        open.push_back((child + 1, middle..range.end, depth + 1));
    }
}

fn best_split(
    seen: &[usize],
    members: &[u32],
    binned: &Binned,
    gradients: &[(f64, f64)],
    g: f64,
    h: f64,
    options: &Options,
) -> Option<(usize, usize)> {
    let parent = g * g / (h + options.ridge);
    let mut best = (1e-6, None);
    for &feature in seen {
        let column = &binned.columns[feature];
        let mut sums = [(0.0f64, 0.0f64); BINS];
        for &i in members {
            let cell = &mut sums[usize::from(column[i as usize])];
            cell.0 += gradients[i as usize].0;
            cell.1 += gradients[i as usize].1;
        }
        let (mut left_g, mut left_h) = (0.0, 0.0);
        for (bin, sum) in sums.iter().enumerate().take(binned.bounds[feature].len()) {
            left_g += sum.0;
            left_h += sum.1;
            let (right_g, right_h) = (g - left_g, h - left_h);
            if left_h < options.least || right_h < options.least {
                continue;
            }
            let gain = left_g * left_g / (left_h + options.ridge)
                + right_g * right_g / (right_h + options.ridge)
                - parent;
            if gain > best.0 {
                best = (gain, Some((feature, bin)));
            }
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn learns_an_interaction_and_packs() {
        let rows: Vec<Row> = (0..400i16)
            .map(|i| {
                let (a, b) = (i % 20, (i / 20) % 20);
                Row {
                    features: vec![a, b],
                    truth: (a > 10) != (b > 10),
                    weight: 1.0,
                }
            })
            .collect();
        let classifier = train(
            &rows,
            &Options {
                trees: 60,
                depth: 3,
                least: 1.0,
                seen_per_mille: 1000,
                ..Options::default()
            },
        );
        let right = rows
            .iter()
            .filter(|r| (classifier.probability(&r.features) > 0.5) == r.truth)
            .count();
        assert!(right > 390, "{right}");
        assert_eq!(
            Classifier::decode(&classifier.encode()).unwrap(),
            classifier
        );
        assert_eq!(
            train(
                &rows,
                &Options {
                    trees: 60,
                    depth: 3,
                    least: 1.0,
                    seen_per_mille: 1000,
                    ..Options::default()
                }
            ),
            classifier
        );
    }
}
