//! Two n-gram models into one: a site's own archive beside the shipped model.

use super::kneser_ney::{Table, TableLevel, set_backoffs};
use super::model::Model;
use super::scoring::State;
use super::trie::{Ngrams, STEPS};
use super::vocabulary::{FIRST_CHARACTER, Token, UNKNOWN, Vocabulary};

/// Interpolates the n-grams of `site` into `base` with the given weight
/// (0 keeps the base, 1 the site's). Words, characters and classifier are the
/// base's. Deterministic.
#[must_use]
pub fn blend(base: &Model, site: &Ngrams, site_vocabulary: &Vocabulary, weight: f64) -> Model {
    let weight = weight.clamp(0.0, 1.0);
    // The base's tokens keep their numbers: its words stay valid.
    let mut characters = base.vocabulary.characters().to_vec();
    characters.extend(
        site_vocabulary
            .characters()
            .iter()
            .filter(|&&c| base.vocabulary.token(c) == UNKNOWN),
    );
    let vocabulary = Vocabulary::new(characters);
    let tokens = vocabulary.len();
    let special = |t: Token| t < FIRST_CHARACTER;
    let to_union = |t: Token| match site_vocabulary.character(t) {
        Some(c) if !special(t) => vocabulary.token(c),
        _ => t,
    };
    let to_site = |t: Token| match vocabulary.character(t) {
        Some(c) if !special(t) => site_vocabulary.token(c),
        _ => t,
    };
    let to_base = |t: Token| {
        if usize::from(t) < base.vocabulary.len() {
            t
        } else {
            UNKNOWN
        }
    };

    let mut lists: Vec<Vec<u64>> = vec![
        (0..tokens as u64).collect(),
        Vec::new(),
        Vec::new(),
        Vec::new(),
    ];
    let mut add = |ngram: &[Token], map: &dyn Fn(Token) -> Token| {
        let key = ngram
            .iter()
            .fold(0u64, |key, &t| key << 16 | u64::from(map(t)));
        lists[ngram.len() - 1].push(key);
    };
    base.ngrams.for_each(&mut |ngram| add(ngram, &|t| t));
    site.for_each(&mut |ngram| add(ngram, &to_union));

    let mut table = Table::default();
    for (n, mut keys) in lists.into_iter().enumerate() {
        keys.sort_unstable();
        keys.dedup();
        let log_probs = keys
            .iter()
            .map(|&key| {
                let ngram: Vec<Token> = (0..=n).rev().map(|i| (key >> (16 * i)) as Token).collect();
                let of = |model: &Ngrams, map: &dyn Fn(Token) -> Token| {
                    let mapped: Vec<Token> = ngram.iter().map(|&t| map(t)).collect();
                    libm::exp(-f64::from(cost_of(model, &mapped)) / f64::from(STEPS))
                };
                let mixed =
                    (1.0 - weight) * of(&base.ngrams, &to_base) + weight * of(site, &to_site);
                libm::log(mixed.max(1e-12)) as f32
            })
            .collect();
        table.levels.push(TableLevel {
            backoffs: vec![0.0; keys.len()],
            keys,
            log_probs,
        });
    }
    set_backoffs(&mut table);
    let ngrams = Ngrams::new(&table, tokens);
    Model::new(
        vocabulary,
        ngrams,
        base.lexicon.clone(),
        base.associations.clone(),
        base.characters.clone(),
        base.classifier.clone(),
    )
}

/// The cost of an n-gram's last token after the others.
fn cost_of(model: &Ngrams, ngram: &[Token]) -> i32 {
    let Some((&last, context)) = ngram.split_last() else {
        return 0;
    };
    let Some((&first, rest)) = context.split_first() else {
        return model.unigram(last);
    };
    let mut state = State::after(first);
    for &token in rest {
        state = model.score(state, token).state;
    }
    model.score(state, last).cost
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dictionary::language_model::associations::Associations;
    use crate::dictionary::language_model::characters::Characters;
    use crate::dictionary::language_model::classifier::Classifier;
    use crate::dictionary::language_model::lexicon::Lexicon;
    use crate::dictionary::language_model::training::train::{Cutting, ngrams};

    fn model(lines: &[&str]) -> (Ngrams, Vocabulary) {
        ngrams(
            lines,
            &Cutting {
                minimum: 1,
                ..Cutting::default()
            },
            &mut |_| (),
        )
    }

    #[test]
    fn a_blend_lies_between_its_parts() {
        let (ours, vocabulary) = model(&["甲乙丙甲乙丙甲乙丁", "乙丙甲"]);
        let characters = Characters::parse("", "").unwrap();
        let base = Model::new(
            vocabulary,
            ours,
            Lexicon::new(Vec::new()),
            Associations::default(),
            characters,
            Classifier::default(),
        );
        let (site, site_vocabulary) = model(&["甲乙戊甲乙戊", "戊甲"]);
        let blended = blend(&base, &site, &site_vocabulary, 0.5);
        let cost = |model: &Model, text: &str| {
            let tokens: Vec<Token> = text.chars().map(|c| model.vocabulary.token(c)).collect();
            cost_of(&model.ngrams, &tokens)
        };
        assert!(cost(&blended, "甲乙戊") < cost(&base, "甲乙戊"));
        assert!(cost(&blended, "甲乙丙") >= cost(&base, "甲乙丙"));
        assert!(Model::from_bytes(&blended.to_bytes()).unwrap() == blended);
    }
}
