//! One edit's features to one probability: boosted decision trees.

use super::codec::{Reader, put_u32};
use super::error::ModelError;

const PART: &str = "classifier";
/// A leaf instead of a split.
const LEAF: u8 = u8::MAX;

/// The deepest trees that a model file may hold, and the most leaves once all are filled up.
const MAX_DEPTH: u32 = 10;
const MAX_LEAVES: usize = 1 << 20;

/// A node: `feature` < 255 splits (at most `threshold` goes left), else a leaf.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Node {
    pub feature: u8,
    pub threshold: i16,
    /// Numbers of the children, both after this node.
    pub left: u16,
    pub right: u16,
    /// What a leaf adds to the log-odds.
    pub value: f32,
}

impl Node {
    /// A leaf.
    #[must_use]
    pub fn leaf(value: f32) -> Self {
        Self {
            feature: LEAF,
            threshold: 0,
            left: 0,
            right: 0,
            value,
        }
    }
}

/// Trees whose leaves add up to log-odds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Classifier {
    base: f32,
    features: usize,
    trees: Vec<Vec<Node>>,
    full: Full,
}

/// The same trees filled up to the same depth, so that every walk takes the same steps: nothing to
/// guess for the processor, and it walks several trees at once.
#[derive(Debug, Clone, Default, PartialEq)]
struct Full {
    depth: u32,
    /// Of each tree the splits, from the root down: feature and threshold. The children of split
    /// `i` are `2 i + 1` and `2 i + 2`.
    splits: Vec<(u16, i16)>,
    /// Of each tree what its leaves add.
    leaves: Vec<f32>,
}

/// Splits on the longest way from a tree's root down.
fn depth(tree: &[Node]) -> u32 {
    let mut depths = vec![0; tree.len()];
    let mut deepest = 0;
    for (at, node) in tree.iter().enumerate() {
        if node.feature != LEAF {
            deepest = deepest.max(depths[at] + 1);
            for child in [node.left, node.right].map(usize::from) {
                depths[child] = depths[child].max(depths[at] + 1);
            }
        }
    }
    deepest
}

impl Full {
    fn new(trees: &[Vec<Node>]) -> Self {
        let depth = trees.iter().map(|tree| depth(tree)).max().unwrap_or(0);
        let (mut splits, mut leaves) = (Vec::new(), Vec::new());
        for tree in trees {
            // The nodes of one depth, left to right. A leaf is its own child on both sides.
            let mut row = vec![0u16];
            for _ in 0..depth {
                let mut next = Vec::with_capacity(2 * row.len());
                for &at in &row {
                    let node = &tree[usize::from(at)];
                    if node.feature == LEAF {
                        splits.push((0, i16::MAX));
                        next.extend([at, at]);
                    } else {
                        splits.push((u16::from(node.feature), node.threshold));
                        next.extend([node.left, node.right]);
                    }
                }
                row = next;
            }
            leaves.extend(row.iter().map(|&at| tree[usize::from(at)].value));
        }
        Self {
            depth,
            splits,
            leaves,
        }
    }
}

impl Classifier {
    /// A classifier of rows of so many features. Each tree begins with its root; children stand
    /// after their parents, at most ten splits below the root.
    #[must_use]
    pub fn new(base: f32, features: usize, trees: Vec<Vec<Node>>) -> Self {
        Self {
            base,
            features,
            full: Full::new(&trees),
            trees,
        }
    }

    /// Number of trees.
    #[must_use]
    pub fn trees(&self) -> usize {
        self.trees.len()
    }

    /// The probability that the edit described is a true correction.
    #[must_use]
    pub fn probability(&self, features: &[i16]) -> f32 {
        let mut sum = self.base;
        let count = 1 << self.full.depth;
        let splits = self.full.splits.chunks_exact((count - 1).max(1));
        let leaves = self.full.leaves.chunks_exact(count);
        if self.full.depth == 0 {
            sum += self.full.leaves.iter().sum::<f32>();
        }
        for (splits, leaves) in splits.zip(leaves) {
            let mut at = 0;
            for _ in 0..self.full.depth {
                let (feature, threshold) = splits[at];
                let value = features.get(usize::from(feature)).copied().unwrap_or(0);
                at = 2 * at + 1 + usize::from(value > threshold);
            }
            sum += leaves[at + 1 - count];
        }
        1.0 / (1.0 + libm::expf(-sum))
    }

    /// Packs the trees.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        put_u32(&mut out, self.base.to_bits());
        put_u32(&mut out, self.features as u32);
        put_u32(&mut out, self.trees.len() as u32);
        for tree in &self.trees {
            put_u32(&mut out, tree.len() as u32);
            for node in tree {
                out.push(node.feature);
                if node.feature == LEAF {
                    put_u32(&mut out, node.value.to_bits());
                } else {
                    out.extend_from_slice(&node.threshold.to_le_bytes());
                    out.extend_from_slice(&node.left.to_le_bytes());
                    out.extend_from_slice(&node.right.to_le_bytes());
                }
            }
        }
        out
    }

    /// Unpacks what [`Self::encode`] packed.
    pub fn decode(bytes: &[u8]) -> Result<Self, ModelError> {
        let damaged = || ModelError::Damaged(PART);
        let mut reader = Reader(bytes);
        let base = f32::from_bits(reader.u32()?);
        let features = reader.u32()? as usize;
        let mut trees = Vec::new();
        let mut deepest = 0;
        for _ in 0..reader.u32()? {
            let n = reader.u32()?;
            let mut tree = Vec::new();
            for i in 0..n {
                let feature = reader.u8()?;
                if feature == LEAF {
                    tree.push(Node::leaf(f32::from_bits(reader.u32()?)));
                    continue;
                }
                let (threshold, left, right) = (reader.u16()? as i16, reader.u16()?, reader.u16()?);
                // Children lie after their parent: the walk ends.
                if usize::from(feature) >= features
                    || [left, right]
                        .iter()
                        .any(|&c| u32::from(c) <= i || u32::from(c) >= n)
                {
                    return Err(damaged());
                }
                tree.push(Node {
                    feature,
                    threshold,
                    left,
                    right,
                    value: 0.0,
                });
            }
            deepest = deepest.max(depth(&tree));
            if tree.is_empty() || deepest > MAX_DEPTH {
                return Err(damaged());
            }
            trees.push(tree);
            if trees.len() << deepest > MAX_LEAVES {
                return Err(damaged());
            }
        }
        Ok(Self::new(base, features, trees))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tree that splits `depth` times on its way to the right, each time at a higher value.
    fn ladder(depth: u16) -> Vec<Node> {
        let mut tree = Vec::new();
        for i in 0..depth {
            tree.push(Node {
                feature: 0,
                threshold: i as i16,
                left: 2 * i + 1,
                right: 2 * i + 2,
                value: 0.0,
            });
            tree.push(Node::leaf(f32::from(i)));
        }
        tree.push(Node::leaf(f32::from(depth)));
        tree
    }

    #[test]
    fn trees_of_different_depths_are_walked_to_their_leaves() {
        let trees = vec![ladder(4), vec![Node::leaf(0.5)], ladder(1)];
        let classifier = Classifier::new(-3.0, 1, trees);
        for (value, sum) in [(0, 0.0), (1, 2.0), (3, 4.0), (9, 5.0)] {
            let expected = 1.0 / (1.0 + libm::expf(3.0 - 0.5 - sum));
            assert_eq!(classifier.probability(&[value]), expected, "{value}");
        }
        let single = Classifier::new(1.0, 1, vec![vec![Node::leaf(0.5)]]);
        assert_eq!(single.probability(&[0]), 1.0 / (1.0 + libm::expf(-1.5)));
    }

    #[test]
    fn trees_that_would_fill_the_memory_are_refused() {
        let packed = |trees| Classifier::new(0.0, 1, trees).encode();
        let sound = packed(vec![ladder(10); 20]);
        assert_eq!(
            Classifier::decode(&sound).unwrap().encode(),
            sound,
            "ten splits are allowed"
        );
        let deep = Classifier {
            features: 1,
            trees: vec![ladder(11)],
            ..Classifier::default()
        };
        assert!(Classifier::decode(&deep.encode()).is_err());
        let mut many = vec![ladder(10)];
        many.resize(1025, vec![Node::leaf(0.0)]);
        let many = Classifier {
            features: 1,
            trees: many,
            ..Classifier::default()
        };
        assert!(Classifier::decode(&many.encode()).is_err());
    }
}
