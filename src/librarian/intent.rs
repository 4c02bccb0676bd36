//! What kind of request it is: to know something, to have something changed, or both.

use super::asking::{Asking, amount};
use super::clip::clip;
use super::stop::among;

/// Bytes of a request that are read.
const LONG: usize = 8_000;

/// The kind of a request, and the word that told.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Intent {
    /// It asks for an answer.
    pub usage: bool,
    /// It asks for a change.
    pub change: bool,
    /// What kind of answer a question wants.
    pub asking: Asking,
    /// It asks for a number.
    pub amount: bool,
    /// It asks for everything of its kind ("every", "all").
    pub wide: bool,
    /// The own contracts it is asked about.
    pub contracts: Vec<String>,
    /// Why it was taken so, in a few words.
    pub why: String,
}

const QUESTION: &str = "
    how what what's where where's why when which who whose can could does do did is are was should will
    would has have may
";
const TELL: &str = "show explain describe tell list find give summarize summarise";
/// What follows "show" where somebody wants to see it here and now.
const SHOWN: &str = "me us how what where which who why when all every example examples code";
const CHANGE: &str = "
    treat refuse format skip ignore respect keep check limit hide warn report align normalize normalise strip trim
    escape encode decode hash encrypt sort store send load render count include exclude propagate pass emit
    detect wrap unify deduplicate inline mark track preserve clarify tweak bundle read parse sign start
    begin save make add fix rename remove support implement change update upgrade replace refactor move
    delete drop allow enable disable introduce improve handle use switch migrate convert extend reduce
    increase simplify split merge extract expose deprecate bump avoid prevent ensure return write create
    build port translate document test validate reject accept stop raise throw print log cache optimize
    optimise speed clean correct adjust set turn let require revert restore rework rewrite put bring teach
    provide
";
const DEFECT: &str = "
    crash crashes crashed crashing fails failed failing panics panicked panic broken breaks bug wrong
    wrongly incorrect incorrectly regression exception traceback segfault segfaults hangs freezes leaks
    deadlock deadlocks misses ignores doesn't cannot typo unexpected unexpectedly
";
const WISH: &str = "should must needs ought shouldn't";
const WIDE: &str = "every all each everywhere whole entire across both";
/// Words before the verb of an order.
const POLITE: &str = "
    please also then and let's i we you want need needs like to would could can just now kindly i'd
";

impl Intent {
    /// Reads a request.
    #[must_use]
    pub fn of(request: &str) -> Self {
        let mut intent = Self {
            usage: false,
            change: false,
            asking: Asking::of(clip(request, LONG)),
            amount: amount(clip(request, LONG)),
            wide: false,
            contracts: Vec::new(),
            why: String::new(),
        };
        let mut reasons: Vec<String> = Vec::new();
        for sentence in sentences(request).take(64) {
            let words: Vec<String> = words(sentence);
            intent.wide |= words.iter().any(|word| among(WIDE, word));
            let (usage, change, why) = read(&words, sentence.trim_end().ends_with('?'));
            if (usage && !intent.usage || change && !intent.change) && !why.is_empty() {
                reasons.push(why);
            }
            intent.usage |= usage;
            intent.change |= change;
        }
        if intent.usage || intent.change {
            intent.why = reasons.join(", ");
        } else if let Some((scope, _)) = scope(request) {
            intent.change = true;
            intent.why = format!("“{scope}:” names a place");
        } else {
            (intent.usage, intent.change) = (true, true);
            intent.why = "neither a question nor an order".into();
        }
        intent
    }
}

/// Sentences and their clauses, with the mark they end in; a dot inside a name or number ends none.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let text = clip(text, LONG);
    text.split('\n')
        .flat_map(|line| line.split_inclusive(['?', '!', ';']))
        .flat_map(|part| {
            let mut rest = Some(part);
            std::iter::from_fn(move || {
                let here = rest?;
                let cut = [". ", ", "]
                    .iter()
                    .filter_map(|end| here.find(end))
                    .min()
                    .map(|at| at + 1);
                rest = cut.map(|at| &here[at..]);
                Some(cut.map_or(here, |at| &here[..at]))
            })
        })
}

/// The place that "parser: handle x" and "fix(parser): x" name first, and the rest.
fn scope(sentence: &str) -> Option<(&str, &str)> {
    let start = sentence.trim_start_matches(|c: char| !c.is_alphanumeric());
    let (scope, rest) = start.split_once(": ")?;
    (!scope.contains(char::is_whitespace) && !rest.is_empty()).then_some((scope, rest))
}

fn words(sentence: &str) -> Vec<String> {
    let scoped = match scope(sentence) {
        Some((scope, rest)) if scope.split('(').next() == Some("fix") => format!("fix {rest}"),
        Some((_, rest)) => rest.to_owned(),
        None => sentence.to_owned(),
    };
    scoped
        .replace('’', "'")
        .split(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '-' || c == '_'))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

fn read(words: &[String], asks: bool) -> (bool, bool, String) {
    let Some(first) = words.first() else {
        return (false, false, String::new());
    };
    let verb = words.iter().find(|word| !among(POLITE, word));
    let order = verb.filter(|verb| among(CHANGE, verb));
    let defect = words.iter().find(|word| among(DEFECT, word));
    if ["can", "could", "would", "will"].contains(&first.as_str())
        && words
            .get(1)
            .is_some_and(|word| word == "you" || word == "we")
        && let Some(order) = order
    {
        return (false, true, format!("asks to “{order}”"));
    }
    if asks || among(QUESTION, first) && first != "when" {
        let why = format!("“{first}” asks");
        let about = ["why", "is", "does", "should"].contains(&first.as_str());
        return match defect {
            Some(defect) if about => (true, true, format!("{why}, “{defect}” tells of a defect")),
            _ => (true, false, why),
        };
    }
    // "Show me" asks; "show the date in the list" may order as well.
    let told = words.iter().position(|word| word == "show");
    if verb.is_some_and(|verb| verb == "show")
        && !told
            .and_then(|at| words.get(at + 1))
            .is_none_or(|next| among(SHOWN, next))
    {
        return (true, true, "“show” asks or orders".to_owned());
    }
    if among(TELL, first) || verb.is_some_and(|verb| among(TELL, verb)) {
        return (true, false, format!("“{}” asks", verb.unwrap_or(first)));
    }
    if let Some(order) = order {
        return (false, true, format!("“{order}” orders"));
    }
    if let Some(defect) = defect {
        return (false, true, format!("“{defect}” tells of a defect"));
    }
    if let Some(wish) = words.iter().find(|word| among(WISH, word)) {
        return (false, true, format!("“{wish}” wishes"));
    }
    (false, false, String::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_orders_and_defects_are_told_apart() {
        for (request, usage, change) in [
            ("How do I call the greeting from Python?", true, false),
            ("what does parse_date return", true, false),
            ("Show me the options of the parser", true, false),
            ("Show the default in the completion", true, true),
            ("show how to parse a date", true, false),
            (
                "Make the greeting polite on request, in every language binding",
                false,
                true,
            ),
            ("Could you add a dark mode?", false, true),
            ("please rename Date.parse to Date.read", false, true),
            ("parser: handle empty input", false, true),
            ("fix(web): login form", false, true),
            ("The server crashes when the body is empty.", false, true),
            ("shuffle is biased for small slices, fix it", false, true),
            ("When I call parse, it panics", false, true),
            ("When does it panic?", true, false),
            ("Dates before 1970 should be accepted", false, true),
            ("Why does it crash on Windows?", true, true),
            (
                "I want to support leap seconds. How do they work?",
                true,
                true,
            ),
            ("graph: names without slashes", false, true),
            ("time zones", true, true),
            ("", true, true),
        ] {
            let intent = Intent::of(request);
            assert_eq!(
                (intent.usage, intent.change),
                (usage, change),
                "{request}: {}",
                intent.why
            );
            assert!(!intent.why.is_empty());
        }
    }

    #[test]
    fn every_and_all_widen() {
        assert!(Intent::of("Make it polite in every binding").wide);
        assert!(!Intent::of("Make it polite in the Python binding").wide);
    }
}
