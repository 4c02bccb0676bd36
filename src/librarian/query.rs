//! A request → what to look for: groups of terms that stand for one word each.

use std::collections::BTreeSet;

use super::clip::clip;
use super::language::{self, Language};
use super::stem::stem;
use super::{stop, variant, words};

/// Groups of one query: bits of a mask, and a bound on the work for a request of any length.
pub const MOST: usize = 48;
/// Numbers and flags of one sign that are kept.
const SMALL: usize = 16;
/// Characters of a request that are read.
const LONG: usize = 8_000;

/// One word of a request, and the terms that match it.
#[derive(Clone, Debug)]
pub struct Group {
    /// The word as it was typed.
    pub surface: String,
    /// Terms, each with how much a match is worth; the first is the word's own.
    pub terms: Vec<(String, f64)>,
    /// What the word is worth.
    pub weight: f64,
    /// A whole identifier or two words joined: good to find, no loss when not.
    pub bonus: bool,
    /// The language it names.
    pub language: Option<&'static Language>,
    /// The identifier that it is a part of, as it was typed.
    pub part_of: Option<String>,
}

/// What to look for.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// In the order of the request.
    pub groups: Vec<Group>,
    /// Numbers and flags of one sign, which no index holds: `8` and `-f`.
    small: Vec<String>,
    /// Every word of it, also those that mean nothing.
    said: BTreeSet<String>,
    /// The groups that most experts of a large graph declare, as bits.
    common: u64,
    seen: BTreeSet<String>,
}

impl Query {
    /// Reads a request.
    #[must_use]
    pub fn of(request: &str) -> Self {
        let mut query = Self::default();
        query.add(request, 1.0);
        query.said = said(clip(request, LONG));
        query
    }

    /// Adds the words of a further text, each worth `factor` of what it would be in the request.
    pub fn add(&mut self, text: &str, factor: f64) {
        let text = clip(text, LONG);
        let mut code = false;
        let mut before: Option<String> = None;
        for raw in text.split_whitespace() {
            if self.groups.len() >= MOST {
                break;
            }
            let ticks = raw.matches('`').count();
            let quoted = code || ticks > 0;
            code ^= ticks % 2 == 1;
            before = self.word(raw, quoted, factor, before);
        }
    }

    /// The languages the request names.
    pub fn languages(&self) -> impl Iterator<Item = &'static Language> {
        self.groups.iter().filter_map(|group| group.language)
    }

    /// The words of the groups in a mask, as they were typed: an identifier instead of its parts where all of it is held.
    #[must_use]
    pub fn surfaces(&self, mask: u64) -> Vec<&str> {
        let held = |at: usize| mask & (1 << at) != 0;
        let groups = self.groups.iter().enumerate();
        let whole = |group: &Group| {
            let parts = self.groups.iter().enumerate();
            let mut parts = parts
                .filter(|(_, part)| part.part_of == group.part_of)
                .peekable();
            group.part_of.is_some() && parts.peek().is_some() && parts.all(|(at, _)| held(at))
        };
        let mut found: Vec<&str> = Vec::new();
        for (at, group) in groups {
            if group.bonus || !held(at) {
                continue;
            }
            let word = match &group.part_of {
                Some(identifier) if whole(group) => identifier,
                _ => &group.surface,
            };
            if !found.contains(&word.as_str()) {
                found.push(word);
            }
        }
        found
    }

    /// The groups that a text outside the index holds, as bits.
    #[must_use]
    pub fn mask(&self, text: &str) -> u64 {
        let mut mask = 0;
        words::each(text, |term| {
            for (at, group) in self.groups.iter().enumerate() {
                if mask & (1 << at) == 0 && group.terms.iter().any(|(known, _)| known == term) {
                    mask |= 1 << at;
                }
            }
        });
        mask
    }

    /// Whether lines hold a number or flag of one sign that the request names.
    #[must_use]
    pub fn small(&self, lines: &[String]) -> bool {
        let mut words = lines.iter().flat_map(|line| {
            line.split(|c: char| !(c.is_alphanumeric() || c == '-'))
                .filter(|word| word.len() <= 2)
        });
        !self.small.is_empty() && words.any(|word| self.small.iter().any(|small| small == word))
    }

    /// How much of a heading of three words or more is the request in the same words, also those that mean nothing alone:
    /// the words of both over all words of either.
    #[must_use]
    pub fn likeness(&self, heading: &str) -> f64 {
        let heading = said(heading);
        let both = heading.intersection(&self.said).count();
        if heading.len() < 3 || both == 0 {
            return 0.0;
        }
        both as f64 / (heading.len() + self.said.len() - both) as f64
    }

    /// Marks the words that most of a large graph declares (`common`): beside one that only some declare (`known`), they tell
    /// nobody apart and lose their weight.
    pub fn apart(&mut self, common: u64, known: u64) {
        let telling = self.strong() & !common;
        self.common = common;
        if telling & known == 0 {
            return;
        }
        for (at, group) in self.groups.iter_mut().enumerate() {
            if common & (1 << at) != 0 && group.language.is_none() {
                group.weight *= 0.25;
            }
        }
    }

    /// Whether most experts of a large graph declare each of these groups.
    #[must_use]
    pub fn is_common(&self, mask: u64) -> bool {
        mask & !self.common == 0
    }

    /// The groups that tell experts apart, as bits: the strong ones without those that most declare, if any are left.
    #[must_use]
    pub fn telling(&self) -> u64 {
        match self.strong() & !self.common {
            0 => self.strong(),
            telling => telling,
        }
    }

    /// Gives weight to the words that a mere question may be about.
    pub fn ask(&mut self) {
        for group in self.groups.iter_mut().filter(|group| !group.bonus) {
            let word = group.surface.to_lowercase();
            if let Some(worth) = stop::asked(&word) {
                group.weight = group.weight.max(worth.min(0.6));
            }
            if group.language.is_none() {
                group.terms.extend(variant::forms(&word));
            }
        }
    }

    /// Takes weight from a word that stands for the whole of what is searched: there it tells nothing apart.
    pub fn soften(&mut self, name: &str) {
        let whole = words::whole(name);
        let own = |group: &Group| group.language.is_none() && group.terms[0].0 == whole;
        for group in self.groups.iter_mut().filter(|group| own(group)) {
            group.weight *= 0.4;
        }
    }

    /// The groups that say what the request is about, as bits: no weak words, no guesses; all that are
    /// no guesses when every word is weak.
    #[must_use]
    pub fn strong(&self) -> u64 {
        let bits = |least: f64| {
            let groups = self.groups.iter().enumerate();
            groups
                .filter(|(_, group)| !group.bonus && group.weight >= least)
                .fold(0, |mask, (at, _)| mask | 1 << at)
        };
        match bits(0.6) {
            0 => bits(0.0),
            strong => strong,
        }
    }

    /// Takes one word in; gives it back in lower case if it may form a pair with the next.
    fn word(
        &mut self,
        raw: &str,
        quoted: bool,
        factor: f64,
        before: Option<String>,
    ) -> Option<String> {
        let word =
            raw.trim_matches(|c: char| !(c.is_alphanumeric() || c == '+' || c == '#' || c == '_'));
        let word = word.trim_end_matches(|c: char| !c.is_alphanumeric() && !"+#".contains(c));
        let language = language::asked(word);
        if let Some(small) = small(raw, word).filter(|_| self.small.len() < SMALL) {
            self.small.push(small.to_owned());
        }
        let lower = word.replace('’', "'").to_lowercase();
        if let Some(language) = language {
            let mut terms: Vec<_> = language
                .words
                .iter()
                .map(|w| ((*w).to_owned(), 1.0))
                .collect();
            let own = words::whole(word);
            if !own.is_empty() && !language.words.contains(&own.as_str()) {
                terms.insert(0, (own, 1.0));
            }
            self.push(word, terms, factor, false, Some(language));
            return None;
        }
        let plain = word.chars().all(|c| c.is_alphabetic() || "'’".contains(c));
        let worth = match stop::worth(&lower) {
            None if plain && !quoted => return None,
            Some(worth) if plain && !quoted => worth,
            _ => 1.3,
        };
        let lower = lower.strip_suffix("'s").unwrap_or(&lower).to_owned();
        // A path or `a::b` is several words; `parse_date` one with parts.
        for piece in word.split(|c: char| !(c.is_alphanumeric() || "_-+#".contains(c))) {
            self.piece(piece, worth * factor);
        }
        if !plain {
            return None;
        }
        if let Some(before) = before {
            let joined = words::whole(&format!("{before}_{lower}"));
            self.push(
                &format!("{before} {lower}"),
                vec![(joined, 1.0)],
                0.5 * factor,
                true,
                None,
            );
        }
        (worth >= 1.0).then_some(lower)
    }

    fn piece(&mut self, piece: &str, weight: f64) {
        let mut terms = Vec::new();
        words::each(piece, |term| terms.push(term.to_owned()));
        if terms.len() == 3
            && terms[2].bytes().all(|b| b.is_ascii_digit())
            && terms[0].ends_with(&terms[2])
        {
            // `base64` and `sha256` are words, their parts are not.
            terms.truncate(1);
        }
        if terms.len() > 1 && words::compound(piece) {
            let whole = terms.remove(0);
            self.push(piece, vec![(whole, 1.0)], weight, true, None);
        }
        let share = weight / (terms.len().max(1) as f64).sqrt();
        let surface = if terms.len() == 1 { piece } else { "" };
        for term in terms {
            let mut all = vec![(term.clone(), 1.0)];
            let word = if surface.is_empty() {
                term.clone()
            } else {
                surface.to_lowercase()
            };
            all.extend(variant::variants(&word));
            let before = self.groups.len();
            let spelled = spelled(piece, &term);
            self.push(
                if surface.is_empty() {
                    &spelled
                } else {
                    surface
                },
                all,
                share,
                false,
                None,
            );
            if surface.is_empty()
                && let Some(group) = self.groups.get_mut(before)
            {
                group.part_of = Some(piece.to_owned());
            }
        }
    }

    fn push(
        &mut self,
        surface: &str,
        mut terms: Vec<(String, f64)>,
        weight: f64,
        bonus: bool,
        language: Option<&'static Language>,
    ) {
        terms.retain(|(term, _)| !term.is_empty());
        let Some((own, _)) = terms.first() else {
            return;
        };
        if self.groups.len() < MOST && self.seen.insert(own.clone()) {
            let surface = surface.to_owned();
            self.groups.push(Group {
                surface,
                terms,
                weight,
                bonus,
                language,
                part_of: None,
            });
        }
    }
}

/// The part of an identifier that a term was made of, as it is spelled there; the term where it is not found.
fn spelled(piece: &str, term: &str) -> String {
    let mut found = None;
    for part in piece.split(['_', '-']) {
        words::each(part, |other| {
            if other == term {
                found = Some(part);
            }
        });
    }
    found.map_or_else(|| term.to_owned(), str::to_owned)
}

/// The words of a text, stemmed.
fn said(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty()).take(4 * MOST);
    words
        .map(|word| {
            let mut word = word.to_lowercase();
            stem(&mut word);
            word
        })
        .collect()
}

/// A number of one digit, or a flag of one letter with its dash.
fn small<'r>(raw: &'r str, word: &str) -> Option<&'r str> {
    let flag = raw.trim_matches(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    let digit = flag.len() == 1 && flag.bytes().all(|sign| sign.is_ascii_digit());
    let letter = flag.len() == 2 && flag.starts_with('-') && word.len() == 1;
    (digit || letter).then_some(flag)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn surfaces(request: &str) -> Vec<String> {
        let query = Query::of(request);
        query
            .groups
            .iter()
            .filter(|g| !g.bonus)
            .map(|g| g.surface.clone())
            .collect()
    }

    #[test]
    fn words_of_a_question_are_not_what_it_is_about() {
        assert_eq!(
            surfaces("How do I call the greeting from Python?"),
            ["call", "greeting", "Python"]
        );
    }

    #[test]
    fn an_identifier_is_searched_whole_and_in_parts() {
        let query = Query::of("what does `parseDate` do");
        let terms: Vec<_> = query.groups.iter().map(|g| g.terms[0].0.as_str()).collect();
        assert_eq!(terms, ["parsedate", "pars", "dat"]);
        assert!(query.groups[0].bonus);
    }

    #[test]
    fn an_identifier_is_told_as_it_was_typed() {
        let query = Query::of("Rename `make_service_with` please");
        assert_eq!(query.surfaces(query.strong()), ["make_service_with"]);
        let service = query.mask("a service");
        assert_eq!(query.surfaces(service), ["service"]);
    }

    #[test]
    fn two_words_may_be_one_identifier() {
        let query = Query::of("greeting polite");
        assert!(
            query
                .groups
                .iter()
                .any(|g| g.bonus && g.terms[0].0 == "greetingpolite")
        );
    }

    #[test]
    fn a_number_or_flag_of_one_sign_is_kept_beside_the_words() {
        let holds = |request: &str, line: &str| Query::of(request).small(&[line.to_owned()]);
        assert!(holds("What does exit code 8 mean?", "| 8 | no agreement |"));
        assert!(!holds(
            "What does exit code 8 mean?",
            "| 18 | no agreement |"
        ));
        assert!(holds("what is `-f` for", "- `-f, --flake`: the flake"));
        assert!(!holds("what is a flake for", "a flake"));
    }

    #[test]
    fn a_heading_in_the_words_of_the_question_is_like_it() {
        let query = Query::of("When should I use the builder rather than the derive API?");
        assert!(query.likeness("When should I use the builder vs derive APIs?") > 0.5);
        assert!(query.likeness("Using derived arguments in a builder application") < 0.3);
        assert_eq!(query.likeness("Builder"), 0.0);
    }

    #[test]
    fn a_name_that_stands_for_all_of_it_says_little() {
        let mut query = Query::of("How does inikit handle comments?");
        query.soften("inikit");
        let about = query.surfaces(query.strong());
        assert_eq!(about, ["comments"]);
    }

    #[test]
    fn operators_of_the_engine_are_only_words() {
        for request in [
            "\"NEAR(*",
            "AND OR NOT",
            "a* ^b c:d {e} -f",
            "\"",
            "''",
            "\u{0}\u{1}",
        ] {
            for group in Query::of(request).groups {
                for (term, _) in group.terms {
                    assert!(term.chars().all(char::is_alphanumeric), "{request}: {term}");
                }
            }
        }
    }

    #[test]
    fn a_request_of_any_length_is_bounded() {
        let long: String = (0..5_000).map(|n| format!("word{n}x ")).collect();
        assert!(Query::of(&long).groups.len() <= MOST);
    }
}
