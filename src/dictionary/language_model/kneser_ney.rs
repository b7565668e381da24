//! Interpolated modified Kneser-Ney smoothing, pruned by count and by what an
//! n-gram adds to its shorter form, and written as a back-off model.

use super::counts::{Level, continuations, last, prefix, suffix};

/// How much is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Cuts {
    /// Smallest count kept, by length (lengths 1 and 2 are usually 1).
    pub counts: Vec<u32>,
    /// Smallest gain kept, by length: count × how much better (in nats) the
    /// n-gram predicts than its shorter form does.
    pub gains: Vec<f64>,
}

/// A back-off model as sorted lists, before quantising.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// By length: keys, natural log-probabilities.
    pub levels: Vec<TableLevel>,
}

/// The n-grams of one length.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TableLevel {
    pub keys: Vec<u64>,
    pub log_probs: Vec<f32>,
    /// Natural log of the weight given to the shorter form.
    pub backoffs: Vec<f32>,
}

/// Finds keys in a sorted list, through an index by the leading bits.
pub struct Finder<'a> {
    keys: &'a [u64],
    shift: u32,
    starts: Vec<u32>,
}

impl<'a> Finder<'a> {
    /// An index over sorted keys of this length.
    #[must_use]
    pub fn new(keys: &'a [u64], order: usize) -> Self {
        // The first two tokens' low bits would be best; 2^20 cells are enough.
        let bits = 16 * order as u32;
        let top = keys
            .last()
            .map_or(0, |k| 64 - k.leading_zeros())
            .max(1)
            .min(bits);
        let shift = top.saturating_sub(20);
        let cells = (keys.last().map_or(0, |k| k >> shift) + 2) as usize;
        let mut starts = vec![0u32; cells + 1];
        for &key in keys {
            starts[(key >> shift) as usize + 1] += 1;
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        Self {
            keys,
            shift,
            starts,
        }
    }

    /// The place of a key.
    #[must_use]
    pub fn find(&self, key: u64) -> Option<usize> {
        let cell = usize::try_from(key >> self.shift).ok()?;
        let from = *self.starts.get(cell)? as usize;
        let to = *self.starts.get(cell + 1)? as usize;
        self.keys[from..to]
            .binary_search(&key)
            .ok()
            .map(|i| from + i)
    }
}

/// Kneser-Ney discounts for counts one, two, three and more.
fn discounts(counts: &[u32]) -> [f64; 4] {
    let mut n = [0u64; 5];
    for &c in counts {
        if (1..=4).contains(&c) {
            n[c as usize] += 1;
        }
    }
    let n = n.map(|x| x as f64);
    if n[1] == 0.0 || n[2] == 0.0 || n[3] == 0.0 || n[4] == 0.0 {
        // Too little text to estimate them: absolute discounting.
        return [0.0, 0.5, 0.75, 0.9];
    }
    let y = n[1] / (n[1] + 2.0 * n[2]);
    [
        0.0,
        (1.0 - 2.0 * y * n[2] / n[1]).clamp(0.05, 0.95),
        (2.0 - 3.0 * y * n[3] / n[2]).clamp(0.05, 1.95),
        (3.0 - 4.0 * y * n[4] / n[3]).clamp(0.05, 2.95),
    ]
}

/// Estimates, prunes, and sets the back-off weights. `vocabulary` is the number
/// of tokens that can be predicted.
#[must_use]
pub fn estimate(
    mut levels: Vec<Level>,
    vocabulary: usize,
    cuts: &Cuts,
    progress: &mut dyn FnMut(&str),
) -> Table {
    let order = levels.len();
    // Adjusted counts: raw for the longest, numbers of left neighbours below.
    let adjusted: Vec<Vec<u32>> = (0..order)
        .map(|n| {
            if n + 1 == order {
                levels[n].counts.clone()
            } else {
                continuations(&levels[n], &levels[n + 1], n + 1)
            }
        })
        .collect();
    progress("adjusted counts");

    // Interpolated probabilities and interpolation weights, shortest first.
    let mut probs: Vec<Vec<f64>> = Vec::new();
    let mut weights: Vec<Vec<f64>> = Vec::new();
    for n in 0..order {
        let discount = discounts(&adjusted[n]);
        let keys = &levels[n].keys;
        let finder = (n > 0).then(|| Finder::new(&levels[n - 1].keys, n));
        let mut level = vec![0.0; keys.len()];
        let mut gammas = vec![0.0; if n == 0 { 1 } else { levels[n - 1].keys.len() }];
        let mut start = 0;
        while start < keys.len() {
            let context = prefix(keys[start]);
            let end = if n == 0 {
                keys.len()
            } else {
                start
                    + keys[start..]
                        .iter()
                        .take_while(|&&k| prefix(k) == context)
                        .count()
            };
            let (mut total, mut freed) = (0.0, 0.0);
            for &c in &adjusted[n][start..end] {
                total += f64::from(c);
                freed += discount[c.min(3) as usize];
            }
            let gamma = freed / total;
            if let Some(at) = finder.as_ref().and_then(|f| f.find(context)) {
                gammas[at] = gamma;
            }
            for i in start..end {
                let c = adjusted[n][i];
                let lower = match &finder {
                    Some(f) => f
                        .find(suffix(keys[i], n + 1))
                        .map_or(1e-9, |at| probs[n - 1][at]),
                    None => 1.0 / vocabulary as f64,
                };
                level[i] = (f64::from(c) - discount[c.min(3) as usize]) / total + gamma * lower;
            }
            start = end;
        }
        probs.push(level);
        weights.push(gammas);
        progress(&format!(
            "probabilities of length {}: {}",
            n + 1,
            levels[n].keys.len()
        ));
    }

    // What stays, longest first; a kept n-gram keeps its prefix and its suffix.
    let mut needed: Vec<bool> = Vec::new();
    for n in (1..order).rev() {
        let lower = Finder::new(&levels[n - 1].keys, n);
        let mut keep = vec![false; levels[n].keys.len()];
        let mut below = vec![false; levels[n - 1].keys.len()];
        let cut = cuts.counts.get(n).copied().unwrap_or(1);
        let least = cuts.gains.get(n).copied().unwrap_or(0.0);
        for i in 0..keep.len() {
            let key = levels[n].keys[i];
            let count = levels[n].counts[i];
            let (Some(shorter), Some(context)) =
                (lower.find(suffix(key, n + 1)), lower.find(prefix(key)))
            else {
                continue;
            };
            let backed_off = weights[n][context] * probs[n - 1][shorter];
            let gain = f64::from(count) * libm::log(probs[n][i] / backed_off);
            if needed.get(i).copied().unwrap_or(false) || count >= cut && gain >= least {
                keep[i] = true;
                below[shorter] = true;
                below[context] = true;
            }
        }
        retain(&mut levels[n].keys, &keep);
        retain(&mut levels[n].counts, &keep);
        retain(&mut probs[n], &keep);
        needed = below;
        progress(&format!(
            "kept of length {}: {}",
            n + 1,
            levels[n].keys.len()
        ));
    }

    let mut table = Table {
        levels: levels
            .into_iter()
            .zip(probs)
            .map(|(level, probs)| TableLevel {
                backoffs: vec![0.0; level.keys.len()],
                keys: level.keys,
                log_probs: probs.into_iter().map(|p| libm::log(p) as f32).collect(),
            })
            .collect(),
    };
    set_backoffs(&mut table);
    progress("back-off weights");
    table
}

fn retain<T>(items: &mut Vec<T>, keep: &[bool]) {
    let mut flags = keep.iter();
    items.retain(|_| flags.next().copied().unwrap_or(false));
}

/// Sets the back-off weights so that each context's probabilities add up to one.
pub fn set_backoffs(table: &mut Table) {
    for n in 1..table.levels.len() {
        let (low, high) = table.levels.split_at_mut(n);
        let (lower, higher) = (&mut low[n - 1], &high[0]);
        let finder = Finder::new(&lower.keys, n);
        let mut backoffs = vec![0.0f32; lower.keys.len()];
        let mut start = 0;
        while start < higher.keys.len() {
            let context = prefix(higher.keys[start]);
            let end = start
                + higher.keys[start..]
                    .iter()
                    .take_while(|&&k| prefix(k) == context)
                    .count();
            let (mut long, mut short) = (0.0f64, 0.0f64);
            for i in start..end {
                long += libm::exp(f64::from(higher.log_probs[i]));
                // The suffix of a unigram context is the unigram itself.
                let shorter = if n == 1 {
                    u64::from(last(higher.keys[i]))
                } else {
                    suffix(higher.keys[i], n + 1)
                };
                if let Some(at) = finder.find(shorter) {
                    short += libm::exp(f64::from(lower.log_probs[at]));
                }
            }
            if let Some(at) = finder.find(context) {
                let weight = (1.0 - long).max(1e-4) / (1.0 - short).max(1e-4);
                backoffs[at] = libm::log(weight) as f32;
            }
            start = end;
        }
        lower.backoffs = backoffs;
    }
}
