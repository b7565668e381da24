//! The model as a whole: trained, saved, opened, damaged, used.

use baguan::check::typo::unlikely::{Kind, Speller, Tuning};
use baguan::dictionary::language_model::associations::Associations;
use baguan::dictionary::language_model::characters::Characters;
use baguan::dictionary::language_model::classifier::{Classifier, Node};
use baguan::dictionary::language_model::error::ModelError;
use baguan::dictionary::language_model::flat::{ALIGNMENT, ByteOrder};
use baguan::dictionary::language_model::lexicon::Lexicon;
use baguan::dictionary::language_model::model::Model;
use baguan::dictionary::language_model::training::train::{Cutting, ngrams};
use baguan::dictionary::language_model::{built_in, counts, words};
use proptest::prelude::*;
use std::sync::LazyLock;

const TABLE: &str = "治\tzhi4\tick\t冶\n制\tzhi4\trmhj\t\n务\twu4\ttlb\t\n物\twu4\ttrqr\t\n依\tyi1\twye\t\n法\tfa3\tif\t\n国\tguo2\tlgyi\t\n全\tquan2\twgf\t\n面\tmian4\tdmjd\t\n推\ttui1\trwyg\t\n进\tjin4\tfjpk\t\n债\tzhai4\twgmy\t\n";

/// The same for tests that ask for it many times.
static MODEL: LazyLock<Model> = LazyLock::new(model);

/// A model of a few made-up sentences, with a classifier that follows the score.
fn model() -> Model {
    let text: Vec<&str> = [
        "全面推进依法治国。",
        "依法治国，全面推进。",
        "依法偿还债务。",
        "全面推进制度建设。",
    ]
    .repeat(30);
    let cutting = Cutting {
        minimum: 1,
        ..Cutting::default()
    };
    let (ngrams, vocabulary) = ngrams(&text, &cutting, &mut |_| ());
    let list = words::parse(
        "依法 50\n治国 40\n债务 30\n推进 20\n制度 20\n全面 10\n",
        &vocabulary,
    );
    let lexicon = words::fit(
        &list,
        &counts::stream(&vocabulary, text.iter().copied()),
        0.1,
        1.0,
    );
    let tree = vec![
        Node {
            feature: 0,
            threshold: 15,
            left: 1,
            right: 2,
            value: 0.0,
        },
        Node::leaf(-4.0),
        Node::leaf(4.0),
    ];
    let classifier = Classifier::new(0.0, 1, vec![tree]);
    Model::new(
        vocabulary,
        ngrams,
        lexicon,
        Associations::default(),
        Characters::parse(TABLE, "").unwrap(),
        classifier,
    )
}

/// A speller that looks at every place: so small a model finds little strange.
fn speller(model: &Model) -> Speller<&Model> {
    let tuning = Tuning {
        strange: 5,
        strange_words: 5,
        strange_any: 5,
        very_strange: 5,
        slight: 1,
        least: [2; Kind::REPLACING],
        slack: 60,
        ..Tuning::default()
    };
    Speller::new(model, "").with_tuning(tuning)
}

#[test]
fn training_twice_gives_the_same_bytes() {
    assert!(model().to_bytes() == model().to_bytes());
}

#[test]
fn a_saved_model_opens_as_it_was() {
    let model = model();
    assert!(Model::from_bytes(&model.to_bytes()).unwrap() == model);
}

#[test]
fn the_built_in_model_is_the_shipped_file() {
    let bytes = std::fs::read("dictionaries/language_model.bin").unwrap();
    assert!(Model::from_bytes(&bytes).unwrap() == *built_in());
    assert!(built_in().to_bytes() == bytes);
}

/// The bytes at an address where they can be lent, for good.
fn aligned(bytes: &[u8]) -> &'static [u8] {
    let numbers: Vec<u128> = bytes
        .chunks_exact(ALIGNMENT)
        .map(bytemuck::pod_read_unaligned)
        .collect();
    bytemuck::cast_slice(numbers.leak())
}

#[test]
fn a_model_laid_out_flat_is_lent_as_it_was() {
    let flat = aligned(&MODEL.to_flat(ByteOrder::OWN));
    let lent = Model::lent(flat).unwrap();
    assert!(lent == *MODEL);
    assert!(lent.to_bytes() == MODEL.to_bytes());
    let short = &flat[..flat.len() - ALIGNMENT];
    assert_eq!(Model::lent(short).unwrap_err(), ModelError::Truncated);
    assert!(Model::lent(&flat[1..]).is_err());
}

#[test]
fn other_files_and_versions_are_named() {
    assert_eq!(
        Model::from_bytes(b"PK\x03\x04").unwrap_err(),
        ModelError::NotAModel
    );
    assert_eq!(Model::from_bytes(b"").unwrap_err(), ModelError::NotAModel);
    let mut bytes = model().to_bytes();
    bytes[4] = 9;
    assert_eq!(
        Model::from_bytes(&bytes).unwrap_err(),
        ModelError::Version(9)
    );
}

#[test]
fn an_empty_lexicon_is_fine() {
    assert!(
        Lexicon::decode(&Lexicon::new(Vec::new()).encode(), 10)
            .unwrap()
            .is_empty()
    );
}

#[test]
fn a_homophone_is_corrected_where_it_stands() {
    let model = model();
    let text = "会议要求，全面推进依法制国。";
    let found = speller(&model).check(text, 0.9);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(&text[found[0].range.clone()], "制");
    assert_eq!(found[0].replacement, "治");
}

#[test]
fn work_grows_with_the_text_and_not_faster() {
    let model = model();
    let speller = speller(&model);
    let work = |n: usize| speller.work(&"全面推进依法制国依去治国制治务物".repeat(n));
    let (one, two) = (work(400), work(800));
    assert!(two <= one * 2 + one / 10, "{one} {two}");
    assert!(one > 0);
}

proptest! {
    #[test]
    fn a_damaged_file_is_refused(at in 0usize..4000, bit in 0u8..8, cut in 0usize..4000) {
        let bytes = MODEL.to_bytes();
        let mut damaged = bytes.clone();
        let at = at % damaged.len();
        damaged[at] ^= 1 << bit;
        prop_assert!(Model::from_bytes(&damaged).is_err());
        prop_assert!(Model::from_bytes(&bytes[..cut % bytes.len()]).is_err());
    }

    #[test]
    fn any_text_can_be_checked(text in "[全面推进依法制治国债物a1。，·、龘\u{20000} \n]{0,80}") {
        for c in speller(&MODEL).check(&text, 0.0) {
            prop_assert!(text.get(c.range.clone()).is_some());
            prop_assert!(!c.replacement.is_empty());
        }
    }
}
