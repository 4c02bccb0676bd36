//! Who answers for a language that a request names: the experts whose own words name it too.

use super::language::{self, Language};
use super::scout::Scout;
use super::view::View;
use crate::expert::Expert;

/// Whether an expert's name, role, capabilities or contracts name a language.
pub fn speaks(expert: &Expert, asked: &Language) -> bool {
    level(expert, asked) > 0
}

/// How much an expert has to do with a language: 2 when its name or a contract names it, 1 when its role or
/// its capabilities do.
fn level(expert: &Expert, asked: &Language) -> u8 {
    let contracts = expert.provides.iter();
    let mut promised = contracts.flat_map(|(name, contract)| [name, &contract.summary]);
    if names(&expert.name, asked) || promised.any(|text| names(text, asked)) {
        return 2;
    }
    let mut said = std::iter::once(&expert.role).chain(&expert.capabilities);
    u8::from(said.any(|text| names(text, asked)))
}

fn names(text: &str, asked: &Language) -> bool {
    let mut words = text.split(|c: char| !(c.is_alphanumeric() || "+#".contains(c)));
    words.any(|word| language::asked(word) == Some(asked))
}

/// The highest level of the expert itself for a language that the request names.
fn own(expert: &Expert, view: &View<'_>) -> u8 {
    let levels = view.query.languages().map(|asked| level(expert, asked));
    levels.max().unwrap_or(0)
}

/// The highest level of the expert and all it depends on.
pub fn reach(scout: &Scout<'_>, expert: &Expert, view: &View<'_>) -> u8 {
    let behind = scout.behind(&expert.name).into_iter();
    behind
        .map(|expert| own(expert, view))
        .fold(own(expert, view), u8::max)
}

/// Whether a question that names a language is for others: somebody the speaker can reach has more to do
/// with it.
pub fn is_for_others(scout: &Scout<'_>, view: &View<'_>) -> bool {
    let usage = view.intent.usage && !view.intent.change;
    usage && own(view.expert, view) < reach(scout, view.expert, view)
}
