//! From which probability on a post is called misfiled, chosen on misfilings that are injected
//! into the archive: every post is also claimed, in turn, by each column it does not belong to.

use super::model::Level;

/// Where the levels begin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// An error needs at least this probability (and never less than a warning does) …
    pub error: f64,
    /// … and this many training posts in the column the post claims.
    pub error_posts: u32,
    /// A warning needs this many: where nearly all posts of a column were suspicious, its name
    /// means something the model could not learn.
    pub warning_posts: u32,
    /// A warning's least probability; above 1 where no threshold reaches the wished precision.
    pub warning: f64,
    /// A hint's least probability; above 1 where no threshold reaches the wished precision.
    pub info: f64,
}

impl Thresholds {
    /// The level of a post whose probability of being misfiled is `probability` and whose
    /// claimed column has `posts` training posts.
    pub fn level(&self, probability: f64, posts: u32) -> Option<Level> {
        if probability >= self.error && probability >= self.warning && posts >= self.error_posts {
            Some(Level::Error)
        } else if probability >= self.warning && posts >= self.warning_posts {
            Some(Level::Warning)
        } else if probability >= self.info {
            Some(Level::Info)
        } else {
            None
        }
    }
}

/// Precision and recall of a level *and those above it*, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Measured {
    /// 1 where nothing is flagged.
    pub precision: f64,
    pub recall: f64,
}

/// One weighted claim: a post in its own column, or the same post in a wrong one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Claim {
    pub(super) probability: f64,
    /// Training posts of the claimed column.
    pub(super) posts: u32,
    /// How much the claim counts among the right ones.
    pub(super) right: f64,
    /// How much it counts among the misfiled ones.
    pub(super) misfiled: f64,
}

/// The lowest threshold at which the claims above it are misfiled with at least `precision`,
/// half-way (in log-odds) to the next claim below; `None` if there is none.
pub(super) fn lowest_threshold(claims: &[Claim], precision: f64) -> Option<f64> {
    let mut sorted: Vec<&Claim> = claims.iter().collect();
    sorted.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    let (mut right, mut misfiled) = (0.0, 0.0);
    let mut found: Option<(f64, f64)> = None;
    let mut open = false;
    for tied in sorted.chunk_by(|a, b| a.probability == b.probability) {
        let here = tied[0].probability;
        if let (true, Some((_, below))) = (open, &mut found) {
            *below = here;
        }
        for claim in tied {
            right += claim.right;
            misfiled += claim.misfiled;
        }
        open = misfiled > 0.0 && misfiled >= precision * (misfiled + right);
        if open {
            found = Some((here, 0.0));
        }
    }
    found.map(|(above, below)| between(above, below))
}

/// The highest threshold, up to `ceiling`, that finds all but a share of `slack` of the misfilings
/// that `threshold` finds. The archive's own misfilings make the estimate of the precision too
/// good; where caution costs next to nothing, it is taken.
pub(super) fn raised(claims: &[Claim], threshold: f64, ceiling: f64, slack: f64) -> f64 {
    let mut found: Vec<(f64, f64)> = claims
        .iter()
        .filter(|claim| claim.misfiled > 0.0 && claim.probability >= threshold)
        .map(|claim| (claim.probability, claim.misfiled))
        .collect();
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    let all: f64 = found.iter().map(|(_, weight)| weight).sum();
    let mut lost = 0.0;
    let mut raised = threshold;
    for tied in found.chunk_by(|a, b| a.0 == b.0) {
        if tied[0].0 > ceiling {
            return raised.max(ceiling);
        }
        raised = tied[0].0;
        lost += tied.iter().map(|(_, weight)| weight).sum::<f64>();
        if lost > slack * all {
            return raised;
        }
    }
    raised
}

/// The middle of two probabilities in log-odds, never above the upper one.
fn between(above: f64, below: f64) -> f64 {
    const EDGE: f64 = 1e-9;
    let odds = |p: f64| {
        let p = p.clamp(EDGE, 1.0 - EDGE);
        (p / (1.0 - p)).ln()
    };
    let middle = (odds(above) + odds(below)) / 2.0;
    (1.0 / (1.0 + (-middle).exp())).min(above)
}

/// Precision and recall of `level` and above.
pub(super) fn measure(claims: &[Claim], thresholds: &Thresholds, level: Level) -> Measured {
    let (mut right, mut misfiled, mut all) = (0.0, 0.0, 0.0);
    for claim in claims {
        all += claim.misfiled;
        if thresholds.level(claim.probability, claim.posts) >= Some(level) {
            right += claim.right;
            misfiled += claim.misfiled;
        }
    }
    Measured {
        precision: if right + misfiled > 0.0 {
            misfiled / (right + misfiled)
        } else {
            1.0
        },
        recall: if all > 0.0 { misfiled / all } else { 0.0 },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(probability: f64, right: f64, misfiled: f64) -> Claim {
        Claim {
            probability,
            posts: 100,
            right,
            misfiled,
        }
    }

    #[test]
    fn the_lowest_threshold_that_keeps_the_precision() {
        let claims = [
            claim(0.99, 0.0, 10.0),
            claim(0.90, 0.5, 5.0),
            claim(0.80, 0.0, 5.0),
            claim(0.40, 9.0, 5.0),
        ];
        // Between 0.80 (odds 4) and 0.40 (odds 2/3).
        let odds = (4.0f64 * 2.0 / 3.0).sqrt();
        let found = lowest_threshold(&claims, 0.95).unwrap_or(f64::NAN);
        assert!((found - odds / (1.0 + odds)).abs() < 1e-9, "{found}");
        assert_eq!(lowest_threshold(&claims[3..], 0.95), None);
        // Nothing below: as low as can be.
        assert!(lowest_threshold(&claims, 0.70).is_some_and(|found| found < 0.01));
        assert_eq!(lowest_threshold(&[], 0.95), None);
    }

    #[test]
    fn a_threshold_is_raised_where_that_costs_next_to_nothing() {
        let claims = [
            claim(0.5, 0.0, 1.0),
            claim(0.6, 5.0, 0.0),
            claim(0.7, 0.0, 49.0),
            claim(0.95, 0.0, 50.0),
        ];
        assert_eq!(raised(&claims, 0.4, 0.9, 0.02), 0.7);
        assert_eq!(raised(&claims, 0.4, 0.9, 0.0), 0.5);
        assert_eq!(raised(&claims, 0.4, 0.9, 0.9), 0.9);
        assert_eq!(raised(&claims, 0.4, 0.6, 0.02), 0.6);
        assert_eq!(raised(&[], 0.4, 0.9, 0.5), 0.4);
    }

    #[test]
    fn an_error_needs_posts_and_is_never_below_a_warning() {
        let thresholds = Thresholds {
            error: 0.9,
            error_posts: 60,
            warning_posts: 4,
            warning: 0.95,
            info: 0.5,
        };
        assert_eq!(thresholds.level(0.96, 60), Some(Level::Error));
        assert_eq!(thresholds.level(0.96, 59), Some(Level::Warning));
        assert_eq!(thresholds.level(0.93, 60), Some(Level::Info));
        assert_eq!(thresholds.level(0.96, 3), Some(Level::Info));
        assert_eq!(thresholds.level(0.3, 60), None);
    }

    #[test]
    fn a_level_is_measured_with_those_above_it() {
        let thresholds = Thresholds {
            error: 0.9,
            error_posts: 60,
            warning_posts: 4,
            warning: 0.8,
            info: 0.5,
        };
        let claims = [
            claim(0.95, 0.0, 2.0),
            claim(0.85, 1.0, 1.0),
            claim(0.1, 7.0, 1.0),
        ];
        let warning = measure(&claims, &thresholds, Level::Warning);
        assert_eq!(
            warning,
            Measured {
                precision: 0.75,
                recall: 0.75
            }
        );
        let error = measure(&claims, &thresholds, Level::Error);
        assert_eq!(
            error,
            Measured {
                precision: 1.0,
                recall: 0.5
            }
        );
    }
}
