//! The column learner: what a site's own posts teach about its columns.
//!
//! A site's archive holds posts that already stand in the wrong column, so the learner never
//! trusts it: it scores every post by a classifier that has not seen it, estimates from those
//! scores how confident the classifier may be (the temperature) and how many posts are misfiled
//! (the misfiling rate), leaves the suspicious ones out, and chooses the thresholds of the check
//! on misfilings that it injects itself. The result is a [`Model`] that says with which
//! probability a post stands in the wrong column, and why.
//!
//! | file | job |
//! | --- | --- |
//! | `features` | text → sparse vector |
//! | `classifier` | multinomial logistic regression by AdaGrad |
//! | `calibration` | temperature, misfiling rate, probability of being misfiled |
//! | `precedent` | odd posts that the site may file so on purpose |
//! | `thresholds` | from injected misfilings, for a wished precision |
//! | `training` | the whole procedure, from posts to a model and an archive audit |
//! | `model` | judges and suggests |
//! | `model_file` | bytes on disk |
//! | `evaluation` | precision, recall, reliability, confusion |
//! | `confusion_svg` | the confusion matrix as a picture |

mod calibration;
mod classifier;
mod confusion_svg;
mod evaluation;
mod features;
mod model;
mod model_file;
mod precedent;
mod random;
mod thresholds;
mod training;

pub use calibration::{Calibration, LabelledScores};
pub use classifier::LearningOptions;
pub use confusion_svg::confusion_svg;
pub use evaluation::{
    Case, ColumnMeasure, Evaluation, EvaluationPost, LevelMeasure, ReliabilityBin, evaluate,
    evaluate_by_injection, reliability,
};
pub use features::{FeatureOptions, PostText};
pub use model::{ColumnGuess, Judgement, Level, Model, ModelColumn, WordWeight};
pub use model_file::{FORMAT_VERSION, ModelFileError};
pub use precedent::Precedent;
pub use thresholds::{Measured, Thresholds};
pub use training::{
    Progress, RefusalReason, RefusedColumn, Stage, Suspect, Training, TrainingError,
    TrainingOptions, TrainingPost, train,
};
