//! How well misfiled posts are found, measured on posts with known columns.
//!
//! `column-eval FILE.jsonl [--seeds N] [--errors] [--svg FILE] [options]`
//!
//! For each seed, 30 % of the posts are set aside and 5 % of the posts of both parts are moved
//! to a random wrong column; the model is trained on one part, as dirty as it is, written to
//! bytes and read back, and judged on the other. Printed are the means over the seeds of
//! precision and recall of each level (with those above it), the reliability table, times and
//! size. Records are `{"title", "column", "body"}`, a body with tags is read as HTML.

use std::error::Error;
use std::time::Instant;

use baguan::column_model::{
    Case, EvaluationPost, Level, Model, PostText, TrainingOptions, TrainingPost, confusion_svg,
    evaluate, evaluate_by_injection, reliability, train,
};
use baguan::document::Document;
use baguan::post::Format;
use jieba_rs::Jieba;

struct Post {
    title: String,
    body: String,
    column: String,
}

struct Settings {
    files: Vec<String>,
    seeds: u64,
    first_seed: u64,
    dirt: f64,
    errors: bool,
    svg: Option<String>,
    options: TrainingOptions,
}

fn settings() -> Result<Settings, Box<dyn Error>> {
    let mut settings = Settings {
        files: Vec::new(),
        seeds: 5,
        first_seed: 0,
        dirt: 0.05,
        errors: false,
        svg: None,
        options: TrainingOptions::default(),
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
        match argument.as_str() {
            "--seeds" => settings.seeds = value()?.parse()?,
            "--first-seed" => settings.first_seed = value()?.parse()?,
            "--dirt" => settings.dirt = value()?.parse()?,
            "--errors" => settings.errors = true,
            "--svg" => settings.svg = Some(value()?),
            "--site" => settings.options.features.leave_out_site(&value()?, ""),
            other if other.starts_with("--") => return Err(format!("unknown: {other}").into()),
            _ => settings.files.push(argument),
        }
    }
    Ok(settings)
}

fn load(path: &str) -> Result<Vec<Post>, Box<dyn Error>> {
    std::fs::read_to_string(path)?
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| {
            let record: serde_json::Value = serde_json::from_str(line)?;
            let field = |name: &str| record[name].as_str().unwrap_or("").to_owned();
            let body = field("body");
            Ok(Post {
                title: field("title"),
                body: Document::body(&body, Format::guess(&body)).visible_text(usize::MAX),
                column: field("column"),
            })
        })
        .collect()
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((u128::from(z ^ (z >> 31)) * bound as u128) >> 64) as usize
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}

/// The columns that the posts claim after a share of them has been moved.
fn dirtied<'a>(
    posts: &[&'a Post],
    names: &[&'a str],
    share: f64,
    random: &mut Random,
) -> Vec<&'a str> {
    let mut claimed: Vec<&str> = posts.iter().map(|post| post.column.as_str()).collect();
    let mut order: Vec<usize> = (0..posts.len()).collect();
    random.shuffle(&mut order);
    for &post in order
        .iter()
        .take((posts.len() as f64 * share).round() as usize)
    {
        let wrong: Vec<&str> = names
            .iter()
            .copied()
            .filter(|name| *name != posts[post].column)
            .collect();
        claimed[post] = wrong[random.below(wrong.len())];
    }
    claimed
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

fn main() -> Result<(), Box<dyn Error>> {
    let settings = settings()?;
    let jieba = Jieba::new();
    for file in &settings.files {
        run(file, &settings, &jieba)?;
    }
    Ok(())
}

fn run(file: &str, settings: &Settings, jieba: &Jieba) -> Result<(), Box<dyn Error>> {
    let posts = load(file)?;
    let mut names: Vec<&str> = posts.iter().map(|post| post.column.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    println!("# {file}: {} posts, {} columns", posts.len(), names.len());

    let mut precision = [const { Vec::new() }; 3];
    let mut recall = [const { Vec::new() }; 3];
    let mut pooled = [(0.0, 0.0, 0.0); 3];
    let mut cases: Vec<Case> = Vec::new();
    let (mut seconds, mut speeds, mut accuracies) = (Vec::new(), Vec::new(), Vec::new());
    for seed in 0..settings.seeds {
        let mut random = Random(1000 + settings.first_seed + seed);
        let mut order: Vec<&Post> = posts.iter().collect();
        random.shuffle(&mut order);
        let (test, training) = order.split_at(posts.len() * 3 / 10);
        let claimed = dirtied(training, &names, settings.dirt, &mut random);
        let archive: Vec<TrainingPost<'_>> = training
            .iter()
            .zip(&claimed)
            .map(|(post, column)| TrainingPost {
                text: PostText {
                    title: &post.title,
                    body: &post.body,
                },
                column,
            })
            .collect();
        let start = Instant::now();
        let trained = train(&archive, &settings.options, jieba, &mut |_| {})?;
        seconds.push(start.elapsed().as_secs_f64());
        let bytes = trained.model.to_bytes();
        let model = Model::from_bytes(&bytes)?;

        let truly = |suspect: usize| training[suspect].column != claimed[suspect];
        let found = trained
            .suspects
            .iter()
            .filter(|suspect| truly(suspect.post))
            .count();
        let left_out_right = trained
            .suspects
            .iter()
            .filter(|suspect| suspect.left_out && !truly(suspect.post))
            .count();
        let thresholds = model.thresholds();
        print!(
            "seed {seed}: T {:.3}→{:.3} π {:.4}→{:.4} W ≥ {:.3} I ≥ {:.3}; archive: {} suspects, \
             {found} of {} moved found, {} left out ({left_out_right} not moved); {} KB; stored",
            trained.first_calibration.temperature,
            model.calibration().temperature,
            trained.first_calibration.misfiling_rate,
            model.calibration().misfiling_rate,
            thresholds.warning,
            thresholds.info,
            trained.suspects.len(),
            (0..training.len()).filter(|&post| truly(post)).count(),
            trained.left_out,
            bytes.len() / 1000,
        );
        for level in [Level::Error, Level::Warning, Level::Info] {
            let measured = model.measured(level);
            print!(
                " {level:?} {:.3}/{:.3}",
                measured.precision, measured.recall
            );
        }
        println!();
        for refused in &trained.refused {
            println!("  {refused}");
        }

        let claimed = dirtied(test, &names, settings.dirt, &mut random);
        let judged: Vec<EvaluationPost<'_>> = test
            .iter()
            .zip(&claimed)
            .map(|(post, claimed)| EvaluationPost {
                text: PostText {
                    title: &post.title,
                    body: &post.body,
                },
                claimed,
                right: &post.column,
            })
            .collect();
        let start = Instant::now();
        let evaluation = evaluate(&model, jieba, &judged);
        speeds.push(judged.len() as f64 / start.elapsed().as_secs_f64());
        accuracies.push(evaluation.accuracy().unwrap_or(0.0));
        for level in [Level::Info, Level::Warning, Level::Error] {
            let measure = evaluation.level(level);
            precision[level as usize].push(measure.precision().unwrap_or(1.0));
            recall[level as usize].push(measure.recall().unwrap_or(0.0));
            let sums = &mut pooled[level as usize];
            sums.0 += measure.found;
            sums.1 += measure.flagged;
            sums.2 += measure.misfiled;
        }
        if settings.errors {
            for (post, case) in judged.iter().zip(&evaluation.cases) {
                let wrong = if case.misfiled {
                    case.level < Some(Level::Warning)
                } else {
                    case.level.is_some()
                };
                if wrong {
                    let Some(said) = model.judge(jieba, post.text, post.claimed) else {
                        println!("  unknown column {}: {}", post.claimed, post.text.title);
                        continue;
                    };
                    let words: Vec<String> = said
                        .words
                        .iter()
                        .map(|word| format!("{} {:+.2}", word.word, word.weight))
                        .collect();
                    println!(
                        "  {} {:?} P {:.3} in {} (right {}), best {} {:.3}: {} | {}",
                        if case.misfiled { "MISSED" } else { "FALSE" },
                        case.level,
                        said.misfiled,
                        post.claimed,
                        post.right,
                        said.suggested.column,
                        said.suggested.probability,
                        post.text.title,
                        words.join(" "),
                    );
                }
            }
        }
        cases.extend(evaluation.cases);
        if seed == 0 {
            println!("  columns (seed 0): posts, precision, recall of the best column");
            for column in &evaluation.columns {
                println!(
                    "    {:>4} {:.2} {:.2} {}",
                    column.posts,
                    column.precision().unwrap_or(f64::NAN),
                    column.recall().unwrap_or(f64::NAN),
                    column.name
                );
            }
            let plain: Vec<(PostText<'_>, &str)> =
                judged.iter().map(|post| (post.text, post.right)).collect();
            let injected = evaluate_by_injection(&model, jieba, &plain, settings.dirt);
            let warning = injected.level(Level::Warning);
            println!(
                "  by injection into the undirtied test part: W {:.3}/{:.3}",
                warning.precision().unwrap_or(1.0),
                warning.recall().unwrap_or(0.0)
            );
            if let Some(path) = &settings.svg {
                let labels: Vec<&str> = evaluation
                    .columns
                    .iter()
                    .map(|column| column.name.as_str())
                    .collect();
                std::fs::write(
                    path,
                    confusion_svg("栏目混淆矩阵", &labels, &evaluation.confusion),
                )?;
            }
        }
    }
    println!("level  precision recall (means) | pooled: precision recall found/flagged/misfiled");
    for level in [Level::Error, Level::Warning, Level::Info] {
        let (found, flagged, misfiled) = pooled[level as usize];
        println!(
            "{:<8} {:.3} {:.3} | {:.3} {:.3} {found}/{flagged}/{misfiled}",
            format!("{level:?}"),
            mean(&precision[level as usize]),
            mean(&recall[level as usize]),
            found / flagged,
            found / misfiled,
        );
    }
    println!("reliability: from–to, posts, predicted, actual");
    for bin in reliability(&cases) {
        println!(
            "  {:.2}–{:.2} {:>6} {:.3} {:.3}",
            bin.from, bin.to, bin.weight, bin.predicted, bin.actual
        );
    }
    println!(
        "accuracy {:.3}, training {:.2} s, {:.0} posts/s\n",
        mean(&accuracies),
        mean(&seconds),
        mean(&speeds)
    );
    Ok(())
}
