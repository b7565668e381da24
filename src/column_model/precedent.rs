//! Precedents: odd posts of the archive, and whether the site files their like so on purpose.
//!
//! A site may file a few posts of a kind where their words do not point: the notices about
//! bidders among the tenders, say. They are too few for the classifier to learn, and their very
//! oddness has them left out. But misfilings fall on all columns alike: of `n` posts like one
//! another, n·π/(K − 1) are expected in any one wrong column. Where an odd post and those like
//! it stand in one column in greater number, that is the site's [`Precedent::Practice`], right or
//! wrong: the audit of the archive lists them, and the next of the kind is no more than a hint,
//! the share of them that stands there being the probability of the column. Where chance explains
//! them, they only keep the next of the kind from being called an error.

use super::features::SparseVector;

/// From this cosine on, two posts are like one another; chosen by measurement.
const LIKE: f32 = 0.7;
/// Chance is ruled out below this probability.
const CHANCE: f64 = 0.05;
/// Odd posts that chance brings with at least this probability, because so many alike stand
/// elsewhere, say nothing.
const EXPECTED: f64 = 0.5;
/// More odd posts than this are not looked at: each is compared with the whole archive.
const MOST: usize = 500;
/// Features of all precedents together; bounds their part of the model file.
const MOST_FEATURES: usize = 30_000;

/// What the archive says for a post whose words speak against its column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Precedent {
    /// An odd post like it stands there too; it may be misfiled as well.
    Odd,
    /// More posts like it stand there than misfiling by chance explains.
    Practice {
        /// The share of the posts like it that stand there, 0 to 1.
        share: f64,
    },
}

/// An odd post of the archive and what is known of those like it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct OddPost {
    /// Number of the column it stands in.
    pub(super) column: usize,
    /// Of the posts like it, itself among them, the share that stands in this column, 0 to 1;
    /// 0 where that is no practice.
    pub(super) share: f32,
    /// Hashed features, ascending.
    pub(super) features: Vec<u32>,
    /// Their values in steps of 1/255.
    pub(super) values: Vec<u8>,
}

impl OddPost {
    fn is_like(&self, vector: &SparseVector) -> bool {
        let length = self
            .values
            .iter()
            .map(|&value| f32::from(value).powi(2))
            .sum::<f32>()
            .sqrt();
        let mut sum = 0.0;
        let mut own = self.features.iter().zip(&self.values).peekable();
        for (feature, value) in vector.iter() {
            while own.next_if(|(own, _)| **own < feature).is_some() {}
            if let Some((_, own)) = own.next_if(|(own, _)| **own == feature) {
                sum += f32::from(*own) * value;
            }
        }
        length > 0.0 && sum >= LIKE * length
    }
}

/// The strongest precedent for a post in `column`.
pub(super) fn find(odd: &[OddPost], vector: &SparseVector, column: usize) -> Option<Precedent> {
    let share = odd
        .iter()
        .filter(|post| post.column == column && post.is_like(vector))
        .map(|post| f64::from(post.share))
        .reduce(f64::max)?;
    Some(if share > 0.0 {
        Precedent::Practice { share }
    } else {
        Precedent::Odd
    })
}

/// What to remember of the posts that `odd` names, in that order as far as there is room: those
/// that chance does not explain by itself. `vectors` and `labels`
/// are the whole archive, `number` its features as hashed; `rate` is the probability that a post
/// is misfiled into one certain column.
pub(super) fn collect(
    vectors: &[SparseVector],
    labels: &[usize],
    number: &[u32],
    odd: &[usize],
    rate: f64,
) -> Vec<OddPost> {
    let mut found = Vec::new();
    let mut left = MOST_FEATURES;
    let mut dense = vec![0.0f32; number.len()];
    for &post in odd.iter().take(MOST) {
        let vector = &vectors[post];
        for (feature, value) in vector.iter() {
            dense[feature as usize] = value;
        }
        let (mut like, mut here) = (0u32, 0u32);
        for (other, &label) in vectors.iter().zip(labels) {
            let cosine: f32 = other
                .iter()
                .map(|(n, value)| dense[n as usize] * value)
                .sum();
            if cosine >= LIKE {
                like += 1;
                here += u32::from(label == labels[post]);
            }
        }
        for &feature in &vector.features {
            dense[feature as usize] = 0.0;
        }
        let chance = at_least(here, like, rate);
        if chance > EXPECTED || vector.features.len() > left {
            continue;
        }
        left -= vector.features.len();
        let practice = chance <= CHANCE;
        found.push(OddPost {
            column: labels[post],
            // One more, of which nothing is known, for caution.
            share: if practice {
                here as f32 / (like + 1) as f32
            } else {
                0.0
            },
            features: vector
                .features
                .iter()
                .map(|&n| number[n as usize])
                .collect(),
            values: vector
                .values
                .iter()
                .map(|value| (value * 255.0).round().clamp(1.0, 255.0) as u8)
                .collect(),
        });
    }
    found
}

/// The probability that of `all` independent events, each of probability `rate`, at least
/// `some` happen.
fn at_least(some: u32, all: u32, rate: f64) -> f64 {
    let mut term = (1.0 - rate).powf(f64::from(all));
    let mut below = 0.0;
    for n in 0..some.min(all + 1) {
        below += term;
        term *= f64::from(all - n) / f64::from(n + 1) * rate / (1.0 - rate);
    }
    (1.0 - below).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vector(features: &[u32]) -> SparseVector {
        SparseVector {
            features: features.to_vec(),
            values: vec![1.0 / (features.len() as f32).sqrt(); features.len()],
        }
    }

    #[test]
    fn binomial_tails() {
        assert_eq!(at_least(0, 5, 0.1), 1.0);
        assert!((at_least(1, 1, 0.0125) - 0.0125).abs() < 1e-12);
        assert!((at_least(2, 3, 0.5) - 0.5).abs() < 1e-12);
        assert_eq!(at_least(3, 2, 0.5), 0.0);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let vectors: Vec<_> = (0..MOST as u32 + 9).map(|n| vector(&[n])).collect();
        let labels = vec![0; vectors.len()];
        let number: Vec<u32> = (0..vectors.len() as u32).collect();
        let odd: Vec<usize> = (0..vectors.len()).collect();
        assert_eq!(collect(&vectors, &labels, &number, &odd, 0.01).len(), MOST);
    }

    #[test]
    fn few_alike_in_one_column_are_practice_and_one_of_many_elsewhere_is_not() {
        let mut vectors = vec![vector(&[0, 1, 2, 3]), vector(&[0, 1, 2, 4])];
        let mut labels = vec![0, 0];
        // Fifty like one another, one of which stands in column 0.
        for n in 0..50 {
            vectors.push(vector(&[5, 6, 7, 8, 10 + n % 5]));
            labels.push(if n == 0 { 0 } else { 1 });
        }
        let number: Vec<u32> = (0..20).map(|n| n * 7).collect();
        let found = collect(&vectors, &labels, &number, &[0, 2], 0.0125);
        assert_eq!(found.len(), 2);
        assert_eq!(found[1].share, 0.0);
        assert_eq!(found[0].column, 0);
        assert_eq!(found[0].features, [0, 7, 14, 21]);
        assert!((found[0].share - 2.0 / 3.0).abs() < 1e-6);
        let like = vector(&[0, 7, 14, 133]);
        assert!(matches!(
            find(&found, &like, 0),
            Some(Precedent::Practice { share }) if share > 0.6
        ));
        assert_eq!(find(&found, &like, 1), None);
        let one_of_many = vector(&[35, 42, 49, 56, 91]);
        assert_eq!(find(&found, &one_of_many, 0), Some(Precedent::Odd));
        assert_eq!(find(&found, &vector(&[0, 28, 35]), 0), None);
    }
}
