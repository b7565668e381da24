//! One edit's features to one probability: boosted decision trees.

use super::codec::{Reader, put_u32};
use super::error::ModelError;

const PART: &str = "classifier";
/// A leaf instead of a split.
const LEAF: u8 = u8::MAX;

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
    pub base: f32,
    pub features: usize,
    pub trees: Vec<Vec<Node>>,
}

impl Classifier {
    /// The probability that the edit described is a true correction.
    #[must_use]
    pub fn probability(&self, features: &[i16]) -> f32 {
        let mut sum = self.base;
        for tree in &self.trees {
            let mut at = 0;
            loop {
                let node = &tree[at];
                if node.feature == LEAF {
                    sum += node.value;
                    break;
                }
                let value = features
                    .get(usize::from(node.feature))
                    .copied()
                    .unwrap_or(0);
                at = usize::from(if value <= node.threshold {
                    node.left
                } else {
                    node.right
                });
            }
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
            if tree.is_empty() {
                return Err(damaged());
            }
            trees.push(tree);
        }
        Ok(Self {
            base,
            features,
            trees,
        })
    }
}
