//! From a site's posts, some of them misfiled, to a model and an audit of the archive.

use std::collections::HashMap;

use jieba_rs::Jieba;
use thiserror::Error;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::calibration::{Calibration, LabelledScores};
use super::classifier::{CompactVectors, LearningOptions, fit};
use super::features::{FeatureOptions, Featurizer, PostText, SparseVector};
use super::model::{Level, Model, ModelColumn};
use super::precedent::{self, OddPost};
use super::random::Random;
use super::thresholds::{Claim, Thresholds, lowest_threshold, measure, raised};

/// A post of the archive.
#[derive(Debug, Clone, Copy)]
pub struct TrainingPost<'a> {
    pub text: PostText<'a>,
    /// The column it stands in, aliases resolved.
    pub column: &'a str,
}

/// How to train. The defaults are what the check is meant to run with.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainingOptions {
    pub features: FeatureOptions,
    pub learning: LearningOptions,
    /// Columns with fewer posts are refused.
    pub least_posts: u32,
    /// Features that fewer posts have are dropped.
    pub least_feature_posts: u32,
    /// Parts of the cross-validation.
    pub folds: usize,
    /// A post at least so probably misfiled is not learnt from.
    pub leave_out: f64,
    pub error_probability: f64,
    pub error_posts: u32,
    /// A column with fewer posts left gives hints only.
    pub warning_posts: u32,
    pub warning_precision: f64,
    pub info_precision: f64,
    /// However precise, a warning never goes below this probability; chosen by measurement.
    pub least_warning: f64,
    /// The share of the misfilings found that a warning may give up for a higher threshold.
    pub warning_slack: f64,
    /// The same for a hint.
    pub least_info: f64,
    /// How often the suspicious posts are looked for; later rounds find what the noise of the
    /// suspicious posts themselves had hidden. Ends sooner once nothing changes.
    pub cleaning_rounds: u32,
}

impl Default for TrainingOptions {
    fn default() -> Self {
        Self {
            features: FeatureOptions::default(),
            learning: LearningOptions::default(),
            least_posts: 10,
            least_feature_posts: 1,
            folds: 5,
            leave_out: 0.5,
            error_probability: 0.9,
            error_posts: 60,
            warning_posts: 4,
            warning_precision: 0.92,
            info_precision: 0.8,
            least_warning: 0.4,
            warning_slack: 0.02,
            least_info: 0.2,
            cleaning_rounds: 5,
        }
    }
}

/// What training is busy with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Reading the posts' words; counted in posts.
    Features,
    /// Scoring every post by a classifier that has not seen it; counted in parts.
    FirstPass,
    /// The same without the suspicious posts; counted in parts.
    SecondPass,
    /// Learning from all that was kept.
    Final,
}

/// `done` of `total` units of a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub stage: Stage,
    pub done: usize,
    pub total: usize,
}

/// A column that is not in the model, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedColumn {
    pub name: String,
    pub posts: u32,
    pub reason: RefusalReason,
}

/// Why a column is not in the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalReason {
    /// It has fewer posts than this.
    FewerThan(u32),
}

/// A post of the archive that probably stands in the wrong column.
#[derive(Debug, Clone, PartialEq)]
pub struct Suspect {
    /// Number of the post in the archive as it was handed in.
    pub post: usize,
    /// The probability that it is misfiled, by a classifier that has not seen it.
    pub misfiled: f64,
    pub level: Option<Level>,
    /// Whether the model was trained without it.
    pub left_out: bool,
    /// The best other column, and its probability.
    pub suggested: String,
    pub suggested_probability: f64,
}

/// What training yields.
#[derive(Debug, Clone)]
pub struct Training {
    pub model: Model,
    /// Columns with too few posts, in the order of first occurrence.
    pub refused: Vec<RefusedColumn>,
    /// Posts without a column or without any word.
    pub ignored: usize,
    /// Posts of the columns that were not refused.
    pub posts: usize,
    /// Posts left out as suspicious.
    pub left_out: usize,
    /// The archive audit, most suspicious first.
    pub suspects: Vec<Suspect>,
    /// As estimated on the archive as it stands; the model holds the second estimate.
    pub first_calibration: Calibration,
}

/// Why nothing could be learnt.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TrainingError {
    #[error("没有可用来学习的信息：每条信息都要有栏目，并有标题或正文")]
    NoPosts,
    #[error(
        "能学习的栏目只有 {left} 个，至少要有 2 个{}",
        refused_list(.refused)
    )]
    TooFewColumns {
        left: usize,
        refused: Vec<RefusedColumn>,
    },
}

fn refused_list(refused: &[RefusedColumn]) -> String {
    if refused.is_empty() {
        return String::new();
    }
    let list: Vec<String> = refused.iter().map(ToString::to_string).collect();
    format!("（{}）", list.join("；"))
}

impl std::fmt::Display for RefusedColumn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.reason {
            RefusalReason::FewerThan(least) => write!(
                f,
                "栏目“{}”只有 {} 条信息，少于 {least} 条，未学习",
                self.name, self.posts
            ),
        }
    }
}

/// Learns the columns of a site from its posts. The same posts in the same order with the same
/// options give the same model, byte for byte.
pub fn train(
    posts: &[TrainingPost<'_>],
    options: &TrainingOptions,
    jieba: &Jieba,
    progress: &mut dyn FnMut(Progress),
) -> Result<Training, TrainingError> {
    let featurizer = Featurizer::new(options.features.clone());
    let archive = Archive::collect(posts, options, &featurizer, jieba, progress)?;
    let classes = archive.columns.len();
    let folds = archive.folds(options);

    let everyone = vec![true; archive.labels.len()];
    let mut scores = archive.out_of_fold(&folds, &everyone, options, Stage::FirstPass, progress);
    let first_calibration = Calibration::estimate(&scores);
    let mut calibration = first_calibration;
    let mut kept = everyone.clone();
    for _ in 0..options.cleaning_rounds.max(1) {
        let clean: Vec<bool> = scores
            .iter()
            .map(|score| misfiled(&calibration, score) < options.leave_out)
            .collect();
        if clean == kept {
            break;
        }
        kept = clean;
        scores = archive.out_of_fold(&folds, &kept, options, Stage::SecondPass, progress);
        calibration = Calibration::estimate(&scores);
    }
    let posts_of = archive.posts_of(&kept);
    let claims = inject(&scores, &kept, &calibration, &posts_of);
    let mut thresholds = Thresholds {
        error: options.error_probability,
        error_posts: options.error_posts,
        warning_posts: options.warning_posts,
        warning: lowest_threshold(&claims, options.warning_precision)
            .map_or(2.0, |threshold| threshold.max(options.least_warning)),
        info: lowest_threshold(&claims, options.info_precision)
            .map_or(2.0, |threshold| threshold.max(options.least_info)),
    };
    if thresholds.warning < thresholds.error {
        thresholds.warning = raised(
            &claims,
            thresholds.warning,
            thresholds.error,
            options.warning_slack,
        );
    }
    thresholds.info = thresholds.info.min(thresholds.warning);

    progress(Progress {
        stage: Stage::Final,
        done: 0,
        total: 1,
    });
    let chosen: Vec<usize> = (0..kept.len()).filter(|&post| kept[post]).collect();
    let weights = fit(
        &archive.data,
        &archive.labels,
        &chosen,
        classes,
        &options.learning,
    );
    let all_posts = archive.posts_of(&everyone);
    let columns = archive
        .columns
        .iter()
        .zip(posts_of.iter().zip(&all_posts))
        .map(|(name, (&posts, &all))| ModelColumn {
            name: name.clone(),
            posts,
            left_out: all - posts,
        })
        .collect();
    let mut model = Model::quantised(columns, featurizer, &archive.data, &weights, &chosen);
    model.calibration = calibration;
    model.thresholds = thresholds;
    model.odd_posts = archive.odd_posts(&kept, &scores, &calibration);
    model.measured = [Level::Info, Level::Warning, Level::Error]
        .map(|level| measure(&claims, &thresholds, level));
    progress(Progress {
        stage: Stage::Final,
        done: 1,
        total: 1,
    });

    let mut suspects: Vec<Suspect> = scores
        .iter()
        .enumerate()
        .filter_map(|(n, score)| {
            let misfiled = misfiled(&calibration, score);
            let level = thresholds.level(misfiled, posts_of[score.column]);
            if kept[n] && level < Some(Level::Warning) {
                return None;
            }
            let probabilities = calibration.probabilities(&score.logits);
            let suggested = (0..classes)
                .filter(|&column| column != score.column)
                .max_by(|&a, &b| {
                    probabilities[a]
                        .total_cmp(&probabilities[b])
                        .then(b.cmp(&a))
                })?;
            Some(Suspect {
                post: archive.sources[n],
                misfiled,
                level,
                left_out: !kept[n],
                suggested: archive.columns[suggested].clone(),
                suggested_probability: probabilities[suggested],
            })
        })
        .collect();
    suspects.sort_by(|a, b| b.misfiled.total_cmp(&a.misfiled).then(a.post.cmp(&b.post)));

    Ok(Training {
        model,
        ignored: archive.ignored,
        posts: kept.len(),
        left_out: kept.len() - chosen.len(),
        refused: archive.refused,
        suspects,
        first_calibration,
    })
}

fn misfiled(calibration: &Calibration, score: &LabelledScores) -> f64 {
    let p = calibration.probabilities(&score.logits)[score.column];
    calibration.misfiled(p, score.logits.len())
}

/// Every kept post in its own column, counted as right, and the same post in each other column,
/// together counted as misfiled as often as the rate says. A post that was left out says nothing
/// sure about either.
fn inject(
    scores: &[LabelledScores],
    kept: &[bool],
    calibration: &Calibration,
    posts_of: &[u32],
) -> Vec<Claim> {
    let classes = posts_of.len();
    let rate = calibration.misfiling_rate;
    let mut claims = Vec::with_capacity(scores.len() * classes);
    for (score, _) in scores.iter().zip(kept).filter(|(_, kept)| **kept) {
        let probabilities = calibration.probabilities(&score.logits);
        for (column, p) in probabilities.iter().enumerate() {
            let own = column == score.column;
            claims.push(Claim {
                probability: calibration.misfiled(*p, classes),
                posts: posts_of[column],
                right: if own { 1.0 - rate } else { 0.0 },
                misfiled: if own {
                    0.0
                } else {
                    rate / (classes - 1) as f64
                },
            });
        }
    }
    claims
}

/// The posts that can be learnt from, as numbers.
struct Archive {
    columns: Vec<String>,
    refused: Vec<RefusedColumn>,
    ignored: usize,
    data: CompactVectors,
    labels: Vec<usize>,
    /// Number of each post in the archive as it was handed in.
    sources: Vec<usize>,
    /// Equal for posts of equal text.
    contents: Vec<u64>,
}

impl Archive {
    fn collect(
        posts: &[TrainingPost<'_>],
        options: &TrainingOptions,
        featurizer: &Featurizer,
        jieba: &Jieba,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Self, TrainingError> {
        let mut names: Vec<&str> = Vec::new();
        let mut number_of: HashMap<&str, usize> = HashMap::new();
        let mut counts: Vec<u32> = Vec::new();
        let mut read: Vec<(usize, usize, SparseVector)> = Vec::new();
        let mut ignored = 0;
        for (source, post) in posts.iter().enumerate() {
            let name = post.column.trim();
            let vector = featurizer.vector(jieba, post.text);
            if name.is_empty() || vector.features.is_empty() {
                ignored += 1;
            } else {
                let number = *number_of.entry(name).or_insert_with(|| {
                    names.push(name);
                    counts.push(0);
                    names.len() - 1
                });
                counts[number] += 1;
                read.push((source, number, vector));
            }
            progress(Progress {
                stage: Stage::Features,
                done: source + 1,
                total: posts.len(),
            });
        }
        if read.is_empty() {
            return Err(TrainingError::NoPosts);
        }
        let least = options.least_posts.max(options.folds as u32).max(2);
        let mut columns = Vec::new();
        let mut refused = Vec::new();
        let class_of: Vec<Option<usize>> = names
            .iter()
            .zip(&counts)
            .map(|(name, &posts)| {
                if posts < least {
                    refused.push(RefusedColumn {
                        name: (*name).to_owned(),
                        posts,
                        reason: RefusalReason::FewerThan(least),
                    });
                    None
                } else {
                    columns.push((*name).to_owned());
                    Some(columns.len() - 1)
                }
            })
            .collect();
        if columns.len() < 2 {
            return Err(TrainingError::TooFewColumns {
                left: columns.len(),
                refused,
            });
        }
        let mut vectors = Vec::new();
        let mut labels = Vec::new();
        let mut sources = Vec::new();
        let mut contents = Vec::new();
        for (source, number, vector) in read {
            if let Some(class) = class_of[number] {
                let text = posts[source].text;
                contents.push(xxh3_64_with_seed(
                    text.body.trim().as_bytes(),
                    xxh3_64_with_seed(text.title.trim().as_bytes(), 0),
                ));
                vectors.push(vector);
                labels.push(class);
                sources.push(source);
            }
        }
        Ok(Self {
            columns,
            refused,
            ignored,
            data: CompactVectors::new(&vectors, options.least_feature_posts),
            labels,
            sources,
            contents,
        })
    }

    /// The part of each post: every column dealt evenly, posts of equal text together, so that
    /// no post is scored by a classifier that has seen its double.
    fn folds(&self, options: &TrainingOptions) -> Vec<usize> {
        let mut random = Random::new(options.learning.seed ^ 0xf01d);
        let mut of_content: HashMap<u64, usize> = HashMap::new();
        let mut folds = vec![0; self.labels.len()];
        let mut next = 0;
        for class in 0..self.columns.len() {
            let mut posts: Vec<usize> = (0..self.labels.len())
                .filter(|&post| self.labels[post] == class)
                .collect();
            random.shuffle(&mut posts);
            for post in posts {
                folds[post] = *of_content.entry(self.contents[post]).or_insert_with(|| {
                    next = (next + 1) % options.folds.max(2);
                    next
                });
            }
        }
        folds
    }

    /// Scores every post by a classifier that learnt from the kept posts of the other parts.
    fn out_of_fold(
        &self,
        folds: &[usize],
        kept: &[bool],
        options: &TrainingOptions,
        stage: Stage,
        progress: &mut dyn FnMut(Progress),
    ) -> Vec<LabelledScores> {
        let total = options.folds.max(2);
        let mut scores: Vec<LabelledScores> = self
            .labels
            .iter()
            .map(|&column| LabelledScores {
                logits: Vec::new(),
                column,
            })
            .collect();
        for fold in 0..total {
            progress(Progress {
                stage,
                done: fold,
                total,
            });
            let chosen: Vec<usize> = (0..folds.len())
                .filter(|&post| folds[post] != fold && kept[post])
                .collect();
            let weights = fit(
                &self.data,
                &self.labels,
                &chosen,
                self.columns.len(),
                &options.learning,
            );
            for post in (0..folds.len()).filter(|&post| folds[post] == fold) {
                scores[post].logits = weights.logits(&self.data.vectors[post]);
            }
        }
        progress(Progress {
            stage,
            done: total,
            total,
        });
        scores
    }

    /// What to remember of the posts that were left out, the least suspicious first.
    fn odd_posts(
        &self,
        kept: &[bool],
        scores: &[LabelledScores],
        calibration: &Calibration,
    ) -> Vec<OddPost> {
        let mut odd: Vec<(f64, usize)> = (0..kept.len())
            .filter(|&post| !kept[post])
            .map(|post| (misfiled(calibration, &scores[post]), post))
            .collect();
        odd.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let odd: Vec<usize> = odd.into_iter().map(|(_, post)| post).collect();
        let rate = calibration.misfiling_rate / (self.columns.len() - 1) as f64;
        precedent::collect(
            &self.data.vectors,
            &self.labels,
            &self.data.features,
            &odd,
            rate,
        )
    }

    /// Posts of each column among those that `counted` marks.
    fn posts_of(&self, counted: &[bool]) -> Vec<u32> {
        let mut posts = vec![0; self.columns.len()];
        for (&label, &counted) in self.labels.iter().zip(counted) {
            posts[label] += u32::from(counted);
        }
        posts
    }
}
