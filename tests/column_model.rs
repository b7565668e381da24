//! The column learner from posts to bytes, on posts made here.

use std::sync::OnceLock;

use baguan::column_model::{
    EvaluationPost, FORMAT_VERSION, Level, Model, ModelFileError, PostText, Precedent, Progress,
    Stage, Training, TrainingError, TrainingOptions, TrainingPost, evaluate, evaluate_by_injection,
    train,
};
use jieba_rs::Jieba;

fn jieba() -> &'static Jieba {
    static JIEBA: OnceLock<Jieba> = OnceLock::new();
    JIEBA.get_or_init(Jieba::new)
}

#[derive(Clone)]
struct Post {
    title: String,
    body: String,
    column: &'static str,
    right: &'static str,
}

fn pick<'a>(words: &[&'a str], n: usize, salt: usize) -> &'a str {
    words[(n * 7 + salt * 13 + n / words.len()) % words.len()]
}

const UNITS: [&str; 6] = [
    "县教育局",
    "县水务局",
    "青山镇",
    "县交通运输局",
    "河口镇",
    "县民政局",
];
const MATTERS: [&str; 8] = [
    "防汛抗旱",
    "安全生产",
    "校园食品",
    "农村公路",
    "养老服务",
    "秋粮收购",
    "森林防火",
    "政务服务",
];

/// `each` posts of three columns, written from patterns.
fn posts(each: usize) -> Vec<Post> {
    let mut posts = Vec::new();
    for n in 0..each {
        let (unit, matter) = (pick(&UNITS, n, 1), pick(&MATTERS, n, 2));
        let mut add = |column, title: String, body: String| {
            posts.push(Post {
                title,
                body,
                column,
                right: column,
            });
        };
        let verb = pick(&["召开", "举办", "组织", "推进"], n, 3);
        add(
            "工作动态",
            format!("{unit}{verb}{matter}工作推进会"),
            format!("近日，{unit}{verb}{matter}会议，{n}名干部参加，会议听取汇报并作部署。"),
        );
        add(
            "通知公告",
            format!("关于做好{}年{matter}工作的通知", 2010 + n % 12),
            format!("各乡镇、各有关单位：为做好{matter}工作，现将有关事项通知如下。特此通知。{n}"),
        );
        add(
            "招标采购",
            format!("{unit}{matter}设备采购项目中标公告"),
            format!("一、项目编号：SL{n}。二、采购人：{unit}。三、中标供应商：示例有限公司。"),
        );
    }
    posts
}

/// Every twentieth post stands in the next column.
fn dirty(each: usize) -> Vec<Post> {
    let mut posts = posts(each);
    for n in (0..posts.len()).step_by(20) {
        posts[n].column = match posts[n].column {
            "工作动态" => "通知公告",
            "通知公告" => "招标采购",
            _ => "工作动态",
        };
    }
    posts
}

fn training_posts(posts: &[Post]) -> Vec<TrainingPost<'_>> {
    posts
        .iter()
        .map(|post| TrainingPost {
            text: PostText {
                title: &post.title,
                body: &post.body,
            },
            column: post.column,
        })
        .collect()
}

fn learn(posts: &[Post]) -> Result<Training, TrainingError> {
    train(
        &training_posts(posts),
        &TrainingOptions::default(),
        jieba(),
        &mut |_| {},
    )
}

const NEWS: PostText<'static> = PostText {
    title: "县教育局召开校园食品安全工作会议",
    body: "近日，县教育局召开会议，听取汇报，部署下一步工作。",
};

#[test]
fn misfiled_posts_are_found_left_out_and_explained() {
    let posts = dirty(120);
    let training = learn(&posts).unwrap();
    let moved = posts
        .iter()
        .filter(|post| post.column != post.right)
        .count();
    assert_eq!(moved, 18);
    assert_eq!(training.left_out, moved);
    assert_eq!(training.suspects.len(), moved);
    for suspect in &training.suspects {
        assert_eq!(suspect.suggested, posts[suspect.post].right);
        assert!(suspect.left_out && suspect.misfiled > 0.9);
    }
    assert!((training.model.calibration().misfiling_rate - 0.05).abs() < 0.02);

    let model = training.model;
    let judged = model.judge(jieba(), NEWS, "通知公告").unwrap();
    assert_eq!(judged.level, Some(Level::Error));
    assert_eq!(judged.suggested.column, "工作动态");
    assert_eq!(judged.best[0].column, "工作动态");
    assert_eq!(judged.best.len(), 3);
    assert!(
        judged.words.iter().any(|word| word.word == "会议"),
        "{:?}",
        judged.words
    );
    assert!(
        judged
            .words
            .windows(2)
            .all(|pair| pair[0].weight >= pair[1].weight)
    );
    assert!(judged.level_precision >= 0.95);

    let right = model.judge(jieba(), NEWS, "工作动态").unwrap();
    assert_eq!(right.level, None);
    assert!(right.misfiled < 0.01 && right.words.is_empty());
    assert_eq!(model.suggest(jieba(), NEWS)[0].column, "工作动态");
    assert!(model.judge(jieba(), NEWS, "没有的栏目").is_none());
}

#[test]
fn few_posts_in_the_claimed_column_never_make_an_error() {
    let posts: Vec<Post> = dirty(120)
        .into_iter()
        .enumerate()
        .filter(|(n, post)| post.right != "通知公告" || n % 4 == 1)
        .map(|(_, post)| post)
        .collect();
    let model = learn(&posts).unwrap().model;
    let column = &model.columns()[model.column("通知公告").unwrap()];
    assert!(column.posts < 60, "{column:?}");
    let judged = model.judge(jieba(), NEWS, "通知公告").unwrap();
    assert_eq!(judged.level, Some(Level::Warning));
}

/// A few posts of a kind that the site files where their words do not point.
fn with_series(columns: &[&'static str]) -> Vec<Post> {
    let mut posts = dirty(120);
    for (n, column) in columns.iter().enumerate() {
        posts.push(Post {
            title: format!("关于做好{}年工作通报投标单位失信行为的通知", 2012 + n),
            body: "关于投标单位失信行为，现将处理结果通报如下。特此通知。".to_owned(),
            column,
            right: column,
        });
    }
    posts
}

const NEXT_OF_THE_SERIES: PostText<'static> = PostText {
    title: "关于做好2019年工作通报投标单位失信行为的通知",
    body: "关于投标单位失信行为，现将处理结果通报如下。特此通知。",
};

#[test]
fn what_the_site_files_so_on_purpose_is_at_most_a_hint() {
    let model = learn(&with_series(&["招标采购"])).unwrap().model;
    for model in [&model, &Model::from_bytes(&model.to_bytes()).unwrap()] {
        let judged = model
            .judge(jieba(), NEXT_OF_THE_SERIES, "招标采购")
            .unwrap();
        assert!(
            matches!(judged.precedent, Some(Precedent::Practice { share }) if share > 0.4),
            "{judged:?}"
        );
        assert_eq!(judged.level, Some(Level::Info));
        assert!(judged.misfiled < 0.1, "{judged:?}");
        // Nothing of the kind stands here.
        let elsewhere = model
            .judge(jieba(), NEXT_OF_THE_SERIES, "工作动态")
            .unwrap();
        assert_eq!(elsewhere.precedent, None);
        assert!(elsewhere.misfiled > 0.3, "{elsewhere:?}");
    }
}

#[test]
fn one_odd_post_among_many_elsewhere_is_no_practice_but_keeps_from_an_error() {
    let mut columns = ["通知公告"; 12];
    columns[5] = "招标采购";
    let model = learn(&with_series(&columns)).unwrap().model;
    let judged = model
        .judge(jieba(), NEXT_OF_THE_SERIES, "招标采购")
        .unwrap();
    assert_eq!(judged.precedent, Some(Precedent::Odd), "{judged:?}");
    assert_eq!(judged.level, Some(Level::Warning));
    assert!(judged.misfiled > 0.9);
}

#[test]
fn training_is_deterministic_and_survives_the_file() {
    let posts = dirty(60);
    let first = learn(&posts).unwrap();
    let second = learn(&posts).unwrap();
    let bytes = first.model.to_bytes();
    assert_eq!(bytes, second.model.to_bytes());
    assert_eq!(first.suspects, second.suspects);

    let read = Model::from_bytes(&bytes).unwrap();
    assert_eq!(read.to_bytes(), bytes);
    assert_eq!(read.columns(), first.model.columns());
    for claimed in ["工作动态", "通知公告", "招标采购"] {
        assert_eq!(
            read.judge(jieba(), NEWS, claimed),
            first.model.judge(jieba(), NEWS, claimed)
        );
    }
}

#[test]
fn progress_runs_through_all_stages() {
    let posts = dirty(40);
    let mut seen: Vec<Progress> = Vec::new();
    train(
        &training_posts(&posts),
        &TrainingOptions::default(),
        jieba(),
        &mut |progress| seen.push(progress),
    )
    .unwrap();
    for stage in [
        Stage::Features,
        Stage::FirstPass,
        Stage::SecondPass,
        Stage::Final,
    ] {
        let last = seen
            .iter()
            .rfind(|progress| progress.stage == stage)
            .unwrap();
        assert_eq!(last.done, last.total, "{stage:?}");
    }
    assert_eq!(
        seen.iter().filter(|p| p.stage == Stage::Features).count(),
        posts.len()
    );
}

#[test]
fn small_columns_are_refused_by_name() {
    let mut all = posts(30);
    for n in 0..4 {
        all.push(Post {
            title: format!("关于婚姻登记的问题{n}"),
            body: "请携带身份证和户口簿到窗口办理。".into(),
            column: "办事指南",
            right: "办事指南",
        });
    }
    let training = learn(&all).unwrap();
    assert_eq!(training.refused.len(), 1);
    assert_eq!(
        training.refused[0].to_string(),
        "栏目“办事指南”只有 4 条信息，少于 10 条，未学习"
    );
    assert_eq!(training.posts, 90);
    assert!(training.model.column("办事指南").is_none());

    let one: Vec<Post> = all
        .iter()
        .filter(|post| matches!(post.column, "工作动态" | "办事指南"))
        .cloned()
        .collect();
    let error = learn(&one).unwrap_err();
    assert!(
        matches!(&error, TrainingError::TooFewColumns { left: 1, refused } if refused.len() == 1)
    );
    assert!(error.to_string().contains("办事指南"), "{error}");
    assert_eq!(learn(&[]).unwrap_err(), TrainingError::NoPosts);
}

#[test]
fn posts_without_column_or_words_are_ignored() {
    let mut all = posts(20);
    all.push(Post {
        title: "通知".into(),
        body: String::new(),
        column: " ",
        right: "",
    });
    all.push(Post {
        title: "　".into(),
        body: "\n".into(),
        column: "工作动态",
        right: "",
    });
    let training = learn(&all).unwrap();
    assert_eq!((training.ignored, training.posts), (2, 60));
}

#[test]
fn other_files_other_versions_and_damage_are_errors() {
    let bytes = learn(&dirty(20)).unwrap().model.to_bytes();
    assert_eq!(
        Model::from_bytes(b"").unwrap_err(),
        ModelFileError::NotAModel
    );
    assert_eq!(
        Model::from_bytes(b"PK\x03\x04 something").unwrap_err(),
        ModelFileError::NotAModel
    );

    let mut other = bytes.clone();
    other[8..12].copy_from_slice(&(FORMAT_VERSION + 1).to_le_bytes());
    let error = Model::from_bytes(&other).unwrap_err();
    assert!(matches!(error, ModelFileError::OtherVersion { .. }));
    assert!(error.to_string().contains("baguan columns train"));

    for length in (0..bytes.len())
        .step_by(97)
        .chain(bytes.len() - 9..bytes.len())
    {
        assert!(
            Model::from_bytes(&bytes[..length]).is_err(),
            "cut at {length}"
        );
    }
    for at in (16..bytes.len()).step_by(53) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x10;
        assert!(
            matches!(Model::from_bytes(&damaged), Err(ModelFileError::Damaged(_))),
            "byte {at}"
        );
    }
    let mut longer = bytes;
    longer.push(0);
    assert!(matches!(
        Model::from_bytes(&longer),
        Err(ModelFileError::Damaged(_))
    ));
}

/// Damage behind a checksum that fits, as someone might make on purpose: an error or a model,
/// never a panic, and whatever is read can be used.
#[test]
fn a_forged_checksum_does_no_harm() {
    let bytes = learn(&dirty(20)).unwrap().model.to_bytes();
    for at in (32..bytes.len()).step_by(31) {
        for value in [0x00, 0x7f, 0x80, 0xff] {
            let mut forged = bytes.clone();
            forged[at] = value;
            let sum = xxhash_rust::xxh3::xxh3_64(&forged[32..]);
            forged[24..32].copy_from_slice(&sum.to_le_bytes());
            if let Ok(model) = Model::from_bytes(&forged) {
                let name = model.columns()[0].name.clone();
                assert!(model.judge(jieba(), NEWS, &name).is_some());
            }
        }
    }
}

#[test]
fn evaluation_counts_what_was_moved() {
    let model = learn(&dirty(120)).unwrap().model;
    let test = dirty(40);
    let judged: Vec<EvaluationPost<'_>> = test
        .iter()
        .map(|post| EvaluationPost {
            text: PostText {
                title: &post.title,
                body: &post.body,
            },
            claimed: post.column,
            right: post.right,
        })
        .collect();
    let found = evaluate(&model, jieba(), &judged);
    assert_eq!(found.posts, 120);
    assert_eq!(found.level(Level::Warning).misfiled, 6.0);
    assert_eq!(found.level(Level::Warning).recall(), Some(1.0));
    assert_eq!(found.level(Level::Warning).precision(), Some(1.0));
    assert_eq!(found.accuracy(), Some(1.0));
    assert_eq!(found.confusion[0][0], 40);
    assert!(found.calibration_error() < 0.02);
    assert_eq!(
        found.reliability.iter().map(|bin| bin.weight).sum::<f64>(),
        120.0
    );

    let plain: Vec<(PostText<'_>, &str)> =
        judged.iter().map(|post| (post.text, post.right)).collect();
    let injected = evaluate_by_injection(&model, jieba(), &plain, 0.05);
    assert!(injected.level(Level::Warning).recall() > Some(0.95));
    assert!(injected.level(Level::Warning).precision() > Some(0.95));
}

#[test]
fn the_same_words_in_any_amount_do_no_harm() {
    let model = learn(&dirty(20)).unwrap().model;
    let long = "通知".repeat(20_000);
    for text in [
        PostText {
            title: "",
            body: "",
        },
        PostText {
            title: &long,
            body: &long,
        },
        PostText {
            title: "😀\u{0}\u{fffd}",
            body: "<p>",
        },
    ] {
        let judged = model.judge(jieba(), text, "通知公告").unwrap();
        assert!((0.0..=1.0).contains(&judged.misfiled));
    }
}
