//! `baguan columns`: learns the site's columns from its posts, measures that, suggests columns.

use super::{Error, Status, say};
use crate::column_model::{
    Evaluation, Level, LevelMeasure, Model, PostText, Progress, Stage, Training, TrainingOptions,
    TrainingPost, confusion_svg, evaluate_by_injection, train,
};
use crate::config::Config;
use crate::dictionary::columns::{Columns, label};
use crate::dictionary::segment::jieba;
use crate::document::Document;
use crate::gate::read_model;
use crate::input::{Defaults, Reader};
use crate::post::Post;
use clap::{Args, Subcommand, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use unicode_width::UnicodeWidthStr;

/// Visible body that is read for the model, in bytes; it looks at the first 600 characters.
const BODY: usize = 6_000;
/// Suspicious posts that are printed; the rest is counted.
const MOST_SUSPECTS: usize = 100;
/// With fewer posts a column on average, what is estimated is unsure.
const FEW_POSTS: usize = 30;
/// Words named for each suggestion.
const WORDS: usize = 4;

#[derive(Debug, Args)]
#[command(
    override_usage = "baguan columns <train|eval|suggest> [选项]",
    help_template = super::HELP_TEMPLATE,
    subcommand_help_heading = "命令",
    next_help_heading = "选项",
    arg_required_else_help = true
)]
pub struct ColumnsArgs {
    #[command(subcommand)]
    command: ColumnsCommand,
}

#[derive(Debug, Subcommand)]
enum ColumnsCommand {
    #[command(about = "用本站已发布的稿件学习栏目，写出模型，列出疑似放错栏目的稿件")]
    Train(TrainArgs),
    #[command(about = "用另一批稿件衡量模型，写出混淆矩阵图（SVG）")]
    Eval(EvalArgs),
    #[command(about = "给稿件推荐三个最合适的栏目")]
    Suggest(SuggestArgs),
}

/// What all three take.
#[derive(Debug, Args)]
struct Common {
    #[arg(
        value_name = "路径",
        help_heading = "参数",
        required = true,
        help = "稿件文件或文件夹；- 表示从标准输入读 JSONL"
    )]
    paths: Vec<String>,
    #[arg(
        long,
        value_name = "文件",
        help = "配置文件；不写则从当前文件夹逐级向上找 baguan.toml"
    )]
    config: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(
    override_usage = "baguan columns train [选项] 路径… -o 文件",
    help_template = super::HELP_TEMPLATE,
    next_help_heading = "选项",
    after_help = "稿件要写明栏目（column）。栏目表（columns.toml）里的别名归到同一栏目；稿件太少的栏目不学。\n\
                  已发布的稿件里难免有放错栏目的：训练时会找出来、列出来，不用它们学习。"
)]
struct TrainArgs {
    #[command(flatten)]
    common: Common,
    #[arg(
        short,
        long,
        value_name = "文件",
        help = "模型写到哪里；不写则用 baguan.toml 里的 model"
    )]
    output: Option<PathBuf>,
    #[arg(short, long, help = "不显示进度")]
    quiet: bool,
}

#[derive(Debug, Args)]
#[command(
    override_usage = "baguan columns eval [选项] 路径…",
    help_template = super::HELP_TEMPLATE,
    next_help_heading = "选项",
    after_help = "要用没有参加训练的稿件，否则结果偏好。做法：每篇稿件依次放进每一个别的栏目，看模型能否发现；\n\
                  稿件本来放错的，会算成误报，所以准确率只会低估。"
)]
struct EvalArgs {
    #[command(flatten)]
    common: Common,
    #[arg(
        long,
        value_name = "文件",
        help = "模型；不写则用 baguan.toml 里的 model"
    )]
    model: Option<PathBuf>,
    #[arg(
        long,
        value_name = "文件",
        help = "混淆矩阵图写到哪里；不写则与模型同名，扩展名为 .svg"
    )]
    svg: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(
    override_usage = "baguan columns suggest [选项] 路径…",
    help_template = super::HELP_TEMPLATE,
    next_help_heading = "选项"
)]
struct SuggestArgs {
    #[command(flatten)]
    common: Common,
    #[arg(
        long,
        value_name = "文件",
        help = "模型；不写则用 baguan.toml 里的 model"
    )]
    model: Option<PathBuf>,
    #[arg(
        long,
        value_name = "格式",
        value_enum,
        default_value = "human",
        hide_possible_values = true,
        hide_default_value = true,
        help = "human 或 jsonl，默认 human"
    )]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Jsonl,
}

/// Runs the command.
pub fn run(args: ColumnsArgs) -> Result<Status, Error> {
    match args.command {
        ColumnsCommand::Train(args) => run_train(args),
        ColumnsCommand::Eval(args) => run_eval(args),
        ColumnsCommand::Suggest(args) => run_suggest(args),
    }
}

/// The site folder, as far as columns go.
struct SiteFolder {
    config: Config,
    columns: Option<Columns>,
}

impl SiteFolder {
    fn open(config: Option<PathBuf>) -> Result<Self, Error> {
        let file = match config {
            Some(file) => Some(file),
            None => {
                let folder = std::env::current_dir()
                    .map_err(|error| Error::Message(format!("无法进入当前文件夹：{error}")))?;
                Config::find(&folder)
            }
        };
        let config = match file {
            Some(file) => Config::load(&file)?,
            None => Config::default(),
        };
        let columns = config.columns.as_deref().map(Columns::read).transpose()?;
        Ok(Self {
            config,
            columns: columns.filter(|columns| !columns.is_empty()),
        })
    }

    /// The path that was asked for, or the site's.
    fn model_path(&self, asked: Option<PathBuf>, option: &str) -> Result<PathBuf, Error> {
        asked.or_else(|| self.config.model.clone()).ok_or_else(|| {
            Error::Message(format!(
                "没有说明栏目模型在哪里：请写 {option} 文件，或在 baguan.toml 的 [site] 里写 model = \"columns.model\""
            ))
        })
    }
}

/// A post as the learner reads it.
struct Reading {
    id: String,
    title: String,
    body: String,
    /// The label of its column; empty if it has none.
    column: String,
}

impl Reading {
    fn of(post: &Post, id: &Value, columns: Option<&Columns>) -> Self {
        Self {
            id: match id {
                Value::String(id) => id.clone(),
                other => other.to_string(),
            },
            title: Document::title(&post.title)
                .first_text()
                .as_str()
                .trim()
                .to_owned(),
            body: Document::body(&post.body, post.format).visible_text(BODY),
            column: post
                .column
                .as_deref()
                .map(|claim| label(columns, claim))
                .unwrap_or_default(),
        }
    }

    fn text(&self) -> PostText<'_> {
        PostText {
            title: &self.title,
            body: &self.body,
        }
    }
}

/// Reads all posts; says which cannot be read, and whether there were any.
fn read(paths: Vec<String>, columns: Option<&Columns>) -> Result<(Vec<Reading>, bool), Error> {
    let mut posts = Vec::new();
    let mut unreadable = false;
    for item in Reader::new(paths, Defaults::default()) {
        match item.post {
            Ok(post) => posts.push(Reading::of(&post, &item.id, columns)),
            Err(error) => {
                unreadable = true;
                say(error);
            }
        }
    }
    if posts.is_empty() {
        return Err(Error::Message("没有读到任何稿件".to_owned()));
    }
    Ok((posts, unreadable))
}

fn status(unreadable: bool) -> Status {
    if unreadable {
        Status::Failed
    } else {
        Status::Clean
    }
}

fn run_train(args: TrainArgs) -> Result<Status, Error> {
    let site = SiteFolder::open(args.common.config)?;
    let output = site.model_path(args.output, "-o")?;
    let (posts, unreadable) = read(args.common.paths, site.columns.as_ref())?;
    let archive: Vec<TrainingPost<'_>> = posts
        .iter()
        .map(|post| TrainingPost {
            text: post.text(),
            column: &post.column,
        })
        .collect();
    let mut options = TrainingOptions::default();
    options.features.leave_out_site(
        site.config.site.name.as_deref().unwrap_or_default(),
        site.config.site.place.as_deref().unwrap_or_default(),
    );
    let mut bar = Bar::new(args.quiet);
    let trained = train(&archive, &options, jieba(), &mut |progress| {
        bar.show(progress);
    });
    bar.finish();
    let trained = trained.map_err(|error| Error::Message(error.to_string()))?;
    let bytes = trained.model.to_bytes();
    write(&output, &bytes)?;
    let mut out = io::stdout().lock();
    told(&trained, &posts, &mut out)?;
    writeln!(
        out,
        "\n模型已写到 {}（{} KB）。",
        output.display(),
        bytes.len().div_ceil(1000)
    )?;
    if site.config.model.is_none() {
        writeln!(
            out,
            "要在检查时使用，请在 baguan.toml 的 [site] 里写 model = \"{}\"。",
            output.file_name().unwrap_or_default().to_string_lossy()
        )?;
    }
    out.flush()?;
    warn(&trained);
    Ok(status(unreadable))
}

/// Writes a file whole or not at all.
fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let cannot = |error: io::Error| Error::Message(format!("无法写入 {}：{error}", path.display()));
    let folder = path
        .parent()
        .filter(|folder| *folder != Path::new(""))
        .unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new()
        .prefix(".baguan-")
        .tempfile_in(folder)
        .map_err(cannot)?;
    file.write_all(bytes).map_err(cannot)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // A temporary file is its owner's alone; a model is read by others too.
        let everyone = std::fs::Permissions::from_mode(0o644);
        file.as_file().set_permissions(everyone).map_err(cannot)?;
    }
    file.persist(path).map_err(|error| cannot(error.error))?;
    Ok(())
}

/// What training found, for whoever keeps the site.
fn told(trained: &Training, posts: &[Reading], out: &mut impl Write) -> io::Result<()> {
    let model = &trained.model;
    writeln!(
        out,
        "学习了 {} 个栏目的 {} 篇稿件，其中 {} 篇疑似放错栏目，没有用来学习。",
        model.columns().len(),
        trained.posts,
        trained.left_out
    )?;
    if trained.ignored > 0 {
        writeln!(out, "没有栏目或没有文字的 {} 篇没有用。", trained.ignored)?;
    }
    for refused in &trained.refused {
        writeln!(out, "{refused}。")?;
    }
    let mut table = Table::new(&["栏目", "学习", "存疑"]);
    for column in model.columns() {
        table.row(vec![
            column.name.clone(),
            column.posts.to_string(),
            column.left_out.to_string(),
        ]);
    }
    writeln!(out)?;
    table.write(out)?;
    writeln!(out)?;
    stored(model, out)?;
    audit(trained, posts, out)
}

/// What a model says of itself.
fn stored(model: &Model, out: &mut impl Write) -> io::Result<()> {
    let calibration = model.calibration();
    let thresholds = model.thresholds();
    writeln!(
        out,
        "温度 T = {:.3}；错放率 π = {:.1}%。",
        calibration.temperature,
        calibration.misfiling_rate * 100.0
    )?;
    let mut table = Table::new(&["级别", "错放的可能性", "准确率", "召回率"]);
    for (level, name) in LEVELS {
        let from = match level {
            Level::Error => thresholds.error.max(thresholds.warning),
            Level::Warning => thresholds.warning,
            Level::Info => thresholds.info,
        };
        if from > 1.0 {
            table.row(vec![name.into(), "不报".into(), "—".into(), "—".into()]);
        } else {
            let measured = model.measured(level);
            table.row(vec![
                name.into(),
                format!("≥ {from:.2}"),
                share(Some(measured.precision)),
                share(Some(measured.recall)),
            ]);
        }
    }
    table.write(out)?;
    writeln!(
        out,
        "（准确率、召回率按“这一级别及以上”算，是训练时把稿件有意放错得到的估计。错误级别还要求所在栏目至少学过 {} 篇。）",
        thresholds.error_posts
    )
}

const LEVELS: [(Level, &str); 3] = [
    (Level::Error, "错误"),
    (Level::Warning, "警告"),
    (Level::Info, "提示"),
];

fn share(share: Option<f64>) -> String {
    share.map_or_else(|| "—".to_owned(), |share| format!("{share:.3}"))
}

/// The suspicious posts of the archive.
fn audit(trained: &Training, posts: &[Reading], out: &mut impl Write) -> io::Result<()> {
    if trained.suspects.is_empty() {
        return writeln!(out, "\n没有发现疑似放错栏目的稿件。");
    }
    writeln!(
        out,
        "\n疑似放错栏目的稿件（{} 篇，请核对）：",
        trained.suspects.len()
    )?;
    for suspect in trained.suspects.iter().take(MOST_SUSPECTS) {
        let Some(post) = posts.get(suspect.post) else {
            continue;
        };
        writeln!(
            out,
            "  {:.2}  {} → {}（{:.0}%）  {}  [{}]",
            suspect.misfiled,
            post.column,
            suspect.suggested,
            suspect.suggested_probability * 100.0,
            post.title,
            post.id
        )?;
    }
    if let Some(more) = trained
        .suspects
        .len()
        .checked_sub(MOST_SUSPECTS)
        .filter(|more| *more > 0)
    {
        writeln!(out, "  ……另有 {more} 篇")?;
    }
    Ok(())
}

/// Says plainly where the model is not to be trusted.
fn warn(trained: &Training) {
    let model = &trained.model;
    let calibration = model.calibration();
    if calibration.temperature_at_bound() {
        say(format_args!(
            "注意：温度 T = {:.3} 到了估计范围的边界，稿件太少或栏目太相像，模型给出的可能性不可靠，请增加稿件后重新训练",
            calibration.temperature
        ));
    }
    if calibration.rate_at_bound() {
        say("注意：估计的错放率到了上限 50%，各栏目的稿件分不开，这个模型不宜使用");
    }
    let columns = model.columns().len();
    if trained.posts < FEW_POSTS * columns {
        say(format_args!(
            "注意：{columns} 个栏目只有 {} 篇稿件，平均不到 {FEW_POSTS} 篇，估计的准确率、召回率不可靠",
            trained.posts
        ));
    }
    let thresholds = model.thresholds();
    if thresholds.warning > 1.0 {
        say("注意：怎样取界限都达不到要求的准确率，这个模型不会报错误和警告");
    }
    let few: Vec<&str> = model
        .columns()
        .iter()
        .filter(|column| column.posts < thresholds.error_posts)
        .map(|column| column.name.as_str())
        .collect();
    if !few.is_empty() {
        say(format_args!(
            "以下栏目不足 {} 篇，放在里面的稿件最多报警告：{}",
            thresholds.error_posts,
            few.join("、")
        ));
    }
}

fn run_eval(args: EvalArgs) -> Result<Status, Error> {
    let site = SiteFolder::open(args.common.config)?;
    let path = site.model_path(args.model, "--model")?;
    let model = read_model(&path)?;
    let (posts, unreadable) = read(args.common.paths, site.columns.as_ref())?;
    let known: Vec<(PostText<'_>, &str)> = posts
        .iter()
        .map(|post| (post.text(), post.column.as_str()))
        .collect();
    let rate = model.calibration().misfiling_rate;
    let measured = evaluate_by_injection(&model, jieba(), &known, rate);
    if measured.unknown == posts.len() {
        return Err(Error::Message(
            "这些稿件的栏目模型都不认识，无法衡量；请用同一个站点、同一份栏目表的稿件".to_owned(),
        ));
    }
    let mut out = io::stdout().lock();
    stored(&model, &mut out)?;
    writeln!(out)?;
    show(&measured, rate, &mut out)?;
    let svg = args.svg.unwrap_or_else(|| path.with_extension("svg"));
    let labels: Vec<&str> = measured
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    let picture = confusion_svg("栏目混淆矩阵", &labels, &measured.confusion);
    write(&svg, picture.as_bytes())?;
    writeln!(out, "\n混淆矩阵图已写到 {}。", svg.display())?;
    out.flush()?;
    Ok(status(unreadable))
}

/// The tables of an evaluation.
fn show(measured: &Evaluation, rate: f64, out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "用 {} 篇稿件衡量：最可能的栏目就是所在栏目的占 {}。",
        measured.posts - measured.unknown,
        share(measured.accuracy())
    )?;
    if measured.unknown > 0 {
        writeln!(out, "栏目不在模型里的 {} 篇没有算。", measured.unknown)?;
    }
    let mut table = Table::new(&["级别", "准确率", "召回率"]);
    for (level, name) in LEVELS {
        let of = measured.level(level);
        table.row(vec![
            name.into(),
            share(LevelMeasure::precision(&of)),
            share(LevelMeasure::recall(&of)),
        ]);
    }
    table.write(out)?;
    writeln!(
        out,
        "（按 {:.1}% 的稿件放错折算；稿件本来就放错的算成误报，准确率只会低估。）",
        rate * 100.0
    )?;
    writeln!(out, "\n可能性是否可信：")?;
    let mut table = Table::new(&["错放的可能性", "次数（加权）", "模型说", "实际"]);
    for bin in &measured.reliability {
        if bin.weight > 0.0 {
            table.row(vec![
                format!("{:.2}–{:.2}", bin.from, bin.to),
                format!("{:.1}", bin.weight),
                format!("{:.3}", bin.predicted),
                format!("{:.3}", bin.actual),
            ]);
        }
    }
    table.write(out)?;
    writeln!(out, "\n各栏目：")?;
    let mut table = Table::new(&["栏目", "稿件", "判为", "准确率", "召回率"]);
    for column in &measured.columns {
        table.row(vec![
            column.name.clone(),
            column.posts.to_string(),
            column.predicted.to_string(),
            share(column.precision()),
            share(column.recall()),
        ]);
    }
    table.write(out)
}

fn run_suggest(args: SuggestArgs) -> Result<Status, Error> {
    let site = SiteFolder::open(args.common.config)?;
    let model = read_model(&site.model_path(args.model, "--model")?)?;
    let mut out = io::stdout().lock();
    let mut unreadable = false;
    let mut read = 0;
    for item in Reader::new(args.common.paths, Defaults::default()) {
        let post = match item.post {
            Ok(post) => post,
            Err(error) => {
                unreadable = true;
                say(error);
                continue;
            }
        };
        read += 1;
        let reading = Reading::of(&post, &item.id, site.columns.as_ref());
        let guesses = model.suggest(jieba(), reading.text());
        // Against the next best, or the best for the others.
        let words = |place: usize| -> Vec<String> {
            let against = guesses.get(usize::from(place == 0));
            let (Some(this), Some(against)) = (guesses.get(place), against) else {
                return Vec::new();
            };
            model
                .words_for(jieba(), reading.text(), this.column, against.column)
                .into_iter()
                .take(WORDS)
                .map(|word| word.word)
                .collect()
        };
        if args.format == Format::Jsonl {
            let columns: Vec<Value> = guesses
                .iter()
                .enumerate()
                .map(|(place, guess)| {
                    json!({
                        "column": guess.column,
                        "probability": (guess.probability * 1e4).round() / 1e4,
                        "words": words(place),
                    })
                })
                .collect();
            let line = json!({"id": item.id, "source": item.source, "title": reading.title, "columns": columns});
            writeln!(out, "{line}")?;
        } else {
            writeln!(out, "{}  [{}]", reading.title, reading.id)?;
            for (place, guess) in guesses.iter().enumerate() {
                let words = words(place);
                let told = if words.is_empty() {
                    String::new()
                } else {
                    format!("  用词：{}", words.join("、"))
                };
                writeln!(
                    out,
                    "  {}. {}  {:.0}%{told}",
                    place + 1,
                    guess.column,
                    guess.probability * 100.0
                )?;
            }
        }
    }
    out.flush()?;
    if read == 0 {
        return Err(Error::Message("没有读到任何稿件".to_owned()));
    }
    Ok(status(unreadable))
}

/// The progress of training, on a terminal only.
struct Bar {
    bar: ProgressBar,
    stage: Option<Stage>,
}

impl Bar {
    fn new(quiet: bool) -> Self {
        // Hidden by itself where standard error is no terminal.
        let bar = if quiet {
            ProgressBar::hidden()
        } else {
            ProgressBar::new(0)
        };
        if let Ok(style) = ProgressStyle::with_template("{msg} {bar:30} {pos}/{len}（{elapsed}）")
        {
            bar.set_style(style);
        }
        Self { bar, stage: None }
    }

    fn show(&mut self, progress: Progress) {
        if self.stage != Some(progress.stage) {
            self.stage = Some(progress.stage);
            self.bar.set_message(match progress.stage {
                Stage::Features => "分词",
                Stage::FirstPass => "交叉检验",
                Stage::SecondPass => "去掉存疑的再检验",
                Stage::Final => "训练",
            });
        }
        self.bar.set_length(progress.total as u64);
        self.bar.set_position(progress.done as u64);
    }

    fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// Columns of text, aligned by what they take on a terminal.
struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    fn new(headers: &[&str]) -> Self {
        Self {
            rows: vec![headers.iter().map(|&header| header.to_owned()).collect()],
        }
    }

    fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let columns = self.rows.first().map_or(0, Vec::len);
        let widths: Vec<usize> = (0..columns)
            .map(|column| {
                self.rows
                    .iter()
                    .filter_map(|row| row.get(column))
                    .map(|cell| cell.width())
                    .max()
                    .unwrap_or(0)
            })
            .collect();
        for row in &self.rows {
            let mut line = String::new();
            for (place, (cell, width)) in row.iter().zip(&widths).enumerate() {
                let fill = " ".repeat(width - cell.width());
                // Names to the left, numbers to the right.
                let (before, after) = if place == 0 {
                    ("", fill.as_str())
                } else {
                    (fill.as_str(), "")
                };
                line += &format!("  {before}{cell}{after}");
            }
            writeln!(out, "{}", line.trim_end())?;
        }
        Ok(())
    }
}
