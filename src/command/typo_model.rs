//! `baguan typo-model`: trains the language model of `typo/unlikely` from plain text, fits its
//! classifier anew, or blends a site's own texts into it. Progress goes to standard error.

use super::{Error, Status, say};
use crate::check::typo::unlikely::training::{Examples, fit_classifier};
use crate::dictionary::language_model::blend::blend;
use crate::dictionary::language_model::characters::Characters;
use crate::dictionary::language_model::classifier::Classifier;
use crate::dictionary::language_model::model::Model;
use crate::dictionary::language_model::training::associate::{Company, associations};
use crate::dictionary::language_model::training::boost;
use crate::dictionary::language_model::training::train::{Cutting, ngrams, split};
use crate::dictionary::language_model::{self, counts, words};
use clap::{Args, Subcommand};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

const CHARACTERS: &str = include_str!("../../dictionaries/characters.tsv");
const FUNCTIONS: &str = include_str!("../../dictionaries/function-characters.tsv");

/// The share of the word list's own frequencies beside those counted, and the frequency from
/// which a word that the text lacks is kept.
const WORD_PRIOR: f64 = 0.1;
const RARE_WORD: f64 = 3.0;

#[derive(Debug, Args)]
#[command(
    override_usage = "baguan typo-model <做什么> [选项] <文本>…",
    help_template = super::HELP_TEMPLATE,
    subcommand_help_heading = "做什么",
    next_help_heading = "选项",
    after_help = "文本是 UTF-8 纯文本文件，一行一段。\n\
                  把写好的模型命名为 language_model.bin，放在 baguan.toml 里 dictionaries 所列的文件夹中，就会代替自带的模型。"
)]
pub struct TypoModelArgs {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    #[command(
        about = "从文本训练一个新模型",
        override_usage = "baguan typo-model train [选项] --out <文件> <文本>…",
        help_template = super::HELP_TEMPLATE
    )]
    Train {
        #[command(flatten)]
        common: Common,
        #[command(flatten)]
        pairs: Pairs,
        #[arg(
            long,
            value_name = "文件",
            help = "词表，一行一个词和它的次数（jieba 词典的格式）"
        )]
        words: PathBuf,
    },
    #[command(
        about = "只重新训练模型里的判别器",
        override_usage = "baguan typo-model fit [选项] --out <文件> <文本>…",
        help_template = super::HELP_TEMPLATE
    )]
    Fit {
        #[command(flatten)]
        common: Common,
        #[command(flatten)]
        pairs: Pairs,
        #[arg(long, value_name = "文件", help = "在哪个模型上做，默认为自带的模型")]
        base: Option<PathBuf>,
    },
    #[command(
        about = "把本站的文本并入模型",
        override_usage = "baguan typo-model blend [选项] --out <文件> <文本>…",
        help_template = super::HELP_TEMPLATE
    )]
    Blend {
        #[command(flatten)]
        common: Common,
        #[arg(long, value_name = "文件", help = "并入哪个模型，默认为自带的模型")]
        base: Option<PathBuf>,
        #[arg(
            long,
            value_name = "0～1",
            default_value_t = 0.3,
            value_parser = super::confidence,
            hide_default_value = true,
            help = "本站文本的分量，默认 0.3"
        )]
        weight: f64,
    },
}

#[derive(Debug, Args)]
struct Common {
    #[arg(
        value_name = "文本",
        help_heading = "参数",
        required = true,
        help = "纯文本文件，一行一段"
    )]
    texts: Vec<PathBuf>,
    #[arg(long, value_name = "文件", help = "模型写到哪里")]
    out: PathBuf,
}

#[derive(Debug, Args)]
struct Pairs {
    #[arg(
        long,
        value_name = "文件",
        help = "有错与无错的句子，一行一对，用制表符隔开；可写多次"
    )]
    pairs: Vec<PathBuf>,
}

impl Pairs {
    fn read(&self) -> Result<Vec<(String, String)>, Error> {
        let mut out = Vec::new();
        for path in &self.pairs {
            for (number, line) in (1..).zip(read(path)?.lines()) {
                let Some((wrong, right)) = line.split_once('\t') else {
                    return Err(Error::Message(format!(
                        "{} 第 {number} 行没有制表符：每行应是有错的句子、制表符、无错的句子",
                        path.display()
                    )));
                };
                out.push((wrong.to_owned(), right.to_owned()));
            }
        }
        Ok(out)
    }
}

fn cannot_read(path: &Path, error: impl std::fmt::Display) -> Error {
    Error::Message(format!("无法读取 {}：{error}", path.display()))
}

fn read(path: &Path) -> Result<String, Error> {
    std::fs::read_to_string(path).map_err(|error| cannot_read(path, error))
}

fn base(path: Option<&Path>) -> Result<Arc<Model>, Error> {
    let Some(path) = path else {
        return Ok(language_model::built_in());
    };
    Model::read(path)
        .map(Arc::new)
        .map_err(|mistake| Error::Mistakes(mistake.into()))
}

/// Runs the command.
pub fn run(args: TypoModelArgs) -> Result<Status, Error> {
    let begin = Instant::now();
    let mut progress = |what: &str| {
        say(format_args!(
            "{:7.1} 秒  {what}",
            begin.elapsed().as_secs_f64()
        ))
    };
    let (Task::Train { common, .. } | Task::Fit { common, .. } | Task::Blend { common, .. }) =
        &args.task;
    let texts: Vec<String> = common
        .texts
        .iter()
        .map(|path| read(path))
        .collect::<Result<_, _>>()?;
    let paragraphs = || texts.iter().flat_map(|text| text.lines());
    let model = match &args.task {
        Task::Train { pairs, words, .. } => {
            let pairs = pairs.read()?;
            let list = read(words)?;
            let (counted, held) = split(paragraphs());
            let characters = Characters::parse(CHARACTERS, FUNCTIONS).map_err(Error::Message)?;
            let (ngrams, vocabulary) = ngrams(&counted, &Cutting::default(), &mut progress);
            let list = words::parse(&list, &vocabulary);
            let tokens = counts::stream(&vocabulary, counted.iter().copied());
            let lexicon = words::fit(&list, &tokens, WORD_PRIOR, RARE_WORD);
            progress(&format!("words: {}", lexicon.len()));
            let associations = associations(&lexicon, &vocabulary, &tokens, &Company::default());
            progress(&format!("associations: {}", associations.len()));
            let mut model = Model::new(
                vocabulary,
                ngrams,
                lexicon,
                associations,
                characters,
                Classifier::default(),
            );
            fit(&mut model, &held, &pairs, &mut progress);
            model
        }
        Task::Fit {
            pairs, base: path, ..
        } => {
            let pairs = pairs.read()?;
            let (_, held) = split(paragraphs());
            let mut model = Arc::unwrap_or_clone(base(path.as_deref())?);
            fit(&mut model, &held, &pairs, &mut progress);
            model
        }
        Task::Blend {
            base: path, weight, ..
        } => {
            let base = base(path.as_deref())?;
            let all: Vec<&str> = paragraphs().collect();
            let (site, vocabulary) = ngrams(&all, &Cutting::default(), &mut progress);
            blend(&base, &site, &vocabulary, *weight)
        }
    };
    let bytes = model.to_bytes();
    std::fs::write(&common.out, &bytes)
        .map_err(|error| Error::Message(format!("无法写入 {}：{error}", common.out.display())))?;
    progress(&format!("n-grams by length: {:?}", model.ngrams.sizes()));
    use std::io::Write;
    writeln!(
        std::io::stdout(),
        "已写出 {}（{} 字节）",
        common.out.display(),
        bytes.len()
    )?;
    Ok(Status::Clean)
}

fn fit(
    model: &mut Model,
    held: &[&str],
    pairs: &[(String, String)],
    progress: &mut dyn FnMut(&str),
) {
    let examples = Examples::default();
    fit_classifier(
        model,
        held,
        pairs,
        &examples,
        &boost::Options::default(),
        progress,
    );
}
