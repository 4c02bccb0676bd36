//! What a request asks for: to know something or to have something changed, and which of its sentences ask.
//!
//! People tell more than they ask: a greeting, their machine, what they tried, a quoted error, thanks. The sentence that
//! asks decides what is wanted; the others are context, which is searched for with less weight.

use std::collections::BTreeMap;

use super::clip::clip;
use super::{stop, words};

/// Bytes of a request that are read.
const LONG: usize = 8_000;
/// Sentences that are read.
const SENTENCES: usize = 64;

/// A request, read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RequestText {
    /// It asks for an answer.
    pub usage: bool,
    /// It asks for a change.
    pub change: bool,
    /// It asks for the same in all parts of a kind ("in every language binding").
    pub wide: bool,
    /// The sentences, in order, each with whether it asks for something.
    pub sentences: Vec<(String, bool)>,
    /// Why it was taken so, in a few words.
    pub why: String,
}

const QUESTION: &str = "
    how what what's where where's why when which who whose whom is are does do did can could would will should
    has have may was were am any
";
const WH: &str = "how what what's where where's why which who whose";
/// What follows such a word in a question, where no mark tells.
const VERB: &str = "do does did is are can could should would will must to happens about if's it";
/// How somebody asks to be told or shown something.
const TELL: &str = "show explain describe tell list find summarize summarise";
/// What follows "show" where somebody wants to see it here and now.
const SHOWN: &str = "me us how what where which who why when all every example examples code";
const ORDER: &str = "
    add fix rename remove support implement change update upgrade replace refactor move delete drop allow enable
    disable introduce improve handle use switch migrate convert extend reduce increase simplify split merge extract
    expose deprecate bump avoid prevent ensure return write create build port translate document test validate
    reject accept stop raise throw print log cache optimize optimise speed clean correct adjust set turn let require
    revert restore rework rewrite put bring teach provide make treat refuse format skip ignore respect keep check
    limit hide warn report align normalize normalise strip trim escape encode decode hash encrypt sort store send
    load render count include exclude propagate pass emit detect wrap unify deduplicate inline mark track preserve
    clarify tweak bundle read parse sign begin save give offer honor honour forward
";
const WIDE: &str = "every all each both across";
/// What there is one of for each language, platform or part: a change in all of them is wide.
const PARTS: &str =
    "binding bindings language languages package packages crate crates module modules flake flakes
    backend backends platform platforms component components project projects";
/// Words before the verb of an order.
const POLITE: &str = "
    please also then and let's i we you want need needs like to would could can just now kindly i'd it'd be nice
    great good if
";
/// What something is extended by.
const EXTENSIONS: &str = "argument arguments parameter parameters option field fields flag";
/// Words of a question that asks for no answer, but whether the rest is a defect.
const WHETHER: &str = "bug bugs wrong expected intended intentional regression fix fixed normal ideas idea known obvious";

impl RequestText {
    /// Reads a request.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut usage: Option<String> = None;
        let mut change: Option<String> = None;
        let mut statement = false;
        let mut wide = false;
        let mut all = Vec::new();
        for sentence in sentences(clip(text, LONG)).into_iter().take(SENTENCES) {
            let words = spoken(&sentence);
            wide |= words.iter().enumerate().any(|(at, word)| {
                let parts = words.iter().skip(at + 1).take(3);
                stop::among(WIDE, word) && parts.into_iter().any(|part| stop::among(PARTS, part))
            });
            let said = read(&sentence, &words);
            let asks = matches!(said, SaidSentence::Question(_) | SaidSentence::Order(_));
            match said {
                SaidSentence::Question(why) => {
                    usage.get_or_insert(why);
                }
                SaidSentence::Order(why) => {
                    change.get_or_insert(why);
                }
                SaidSentence::Told if words.len() > 3 => statement = true,
                SaidSentence::Told | SaidSentence::Nothing => {}
            }
            all.push((sentence, asks));
        }
        let told = usage.is_none() && change.is_none();
        let why = match (&usage, &change) {
            (Some(why), _) | (None, Some(why)) => why.clone(),
            (None, None) if statement => "it states how things are, and asks nothing".into(),
            (None, None) => "it names something, and says nothing of it".into(),
        };
        if told {
            all.iter_mut().for_each(|(_, asks)| *asks = true);
        }
        Self {
            usage: usage.is_some() || told && !statement,
            change: change.is_some() || told && statement,
            wide,
            sentences: all,
            why,
        }
    }

    /// The terms to search for, each with its weight: what asks counts `1`, what is told beside it `context`, and words
    /// that most requests hold count less.
    #[must_use]
    pub fn terms(&self, context: f64) -> BTreeMap<String, f64> {
        let mut all: BTreeMap<String, f64> = BTreeMap::new();
        for (sentence, asks) in &self.sentences {
            let factor = if *asks { 1.0 } else { context };
            let sentence = sentence.replace('’', "'");
            for run in sentence.split(|c: char| !(c.is_alphanumeric() || "_-'".contains(c))) {
                // `don't` and `it's` are words of their own; `'name'` and `parser's` are names.
                if stop::is_empty(&run.to_lowercase()) {
                    continue;
                }
                let run = run.trim_matches('\'');
                let run = run.strip_suffix("'s").unwrap_or(run);
                let Some(worth) = stop::asked(&run.to_lowercase()) else {
                    continue;
                };
                words::each(run, |term| {
                    let known = all.entry(term.to_owned()).or_default();
                    *known = known.max(factor * worth);
                });
            }
        }
        all
    }

    /// The paths and file names of the request, as they are written, in order, each once: what has an extension of letters.
    #[must_use]
    pub fn paths(&self) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for (sentence, _) in &self.sentences {
            for word in sentence.split(|c: char| !(c.is_alphanumeric() || "_./@+-:".contains(c))) {
                let word = word
                    .trim_start_matches("./")
                    .trim_matches(['.', ':', '-', '/']);
                let word = word.split(':').next().unwrap_or(word);
                let Some((stem, extension)) = word.rsplit_once('.') else {
                    continue;
                };
                let letters = (1..=8).contains(&extension.len())
                    && extension.chars().all(|c| c.is_ascii_alphanumeric())
                    && extension.contains(|c: char| c.is_ascii_alphabetic());
                if letters
                    && !stem.is_empty()
                    && !word.contains("//")
                    && !found.iter().any(|known| known == word)
                {
                    found.push(word.to_owned());
                }
            }
        }
        found
    }

    /// The words of the request under which a term was searched for: term → the word as it is written first.
    #[must_use]
    pub fn surfaces(&self) -> BTreeMap<String, String> {
        let mut all = BTreeMap::new();
        for (sentence, _) in &self.sentences {
            for run in sentence.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')) {
                if stop::worth(&run.to_lowercase()).is_none_or(|worth| worth < 0.5) {
                    continue;
                }
                words::each(run, |term| {
                    all.entry(term.to_owned()).or_insert_with(|| run.to_owned());
                });
            }
        }
        all
    }

    /// Whether something is to have one more argument, option or field, so that who uses it changes too.
    #[must_use]
    pub fn extends(&self) -> bool {
        self.sentences
            .iter()
            .filter(|(_, asks)| *asks)
            .any(|(sentence, _)| {
                let words = spoken(sentence);
                let takes = words.windows(2).any(|pair| {
                    ["take", "takes", "accept", "accepts"].contains(&pair[0].as_str())
                        && ["a", "an", "another", "one"].contains(&pair[1].as_str())
                });
                takes || words.iter().any(|word| stop::among(EXTENSIONS, word))
            })
    }

    /// The identifiers, quoted names and paths of the request, as they are written, in order, each once.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        let mut add = |name: &str| {
            let name = name.trim_matches(['.', ',', ':', ';', '(', ')', '!', '?', '\'', '"', '`']);
            if name.len() > 1 && !found.iter().any(|known| known == name) {
                found.push(name.to_owned());
            }
        };
        for (sentence, _) in &self.sentences {
            for (at, part) in sentence.split('`').enumerate() {
                if at % 2 == 1 && part.len() <= 80 && part.split_whitespace().count() == 1 {
                    add(part);
                }
            }
            for word in sentence.split_whitespace() {
                let bare =
                    word.trim_matches(|c: char| !(c.is_alphanumeric() || "_-@/".contains(c)));
                let bare = bare.trim_end_matches(['-', '/']);
                let inner = bare.get(1..).unwrap_or("");
                let identifier = word.contains("()")
                    || bare.contains('_')
                    || bare.contains("::")
                    || bare.starts_with("--") && bare.len() > 3
                    || bare.contains('/') && !bare.contains("//") && bare.contains('.')
                    || inner.contains(|c: char| c.is_uppercase())
                        && bare.contains(|c: char| c.is_lowercase());
                if identifier && bare.len() <= 120 {
                    add(bare.split(['(', '=', '<']).next().unwrap_or(bare));
                }
            }
        }
        found
    }
}

enum SaidSentence {
    Question(String),
    Order(String),
    Told,
    Nothing,
}

/// What a sentence says, by its first words and by its mark.
fn read(sentence: &str, words: &[String]) -> SaidSentence {
    let Some(first) = words.first() else {
        return SaidSentence::Nothing;
    };
    let at = |place: usize| words.get(place).map_or("", String::as_str);
    let marked = sentence.trim_end().ends_with('?');
    let wh = words.iter().find(|word| stop::among(WH, word));
    let verb = words.iter().find(|word| !stop::among(POLITE, word));
    let order = verb.filter(|verb| stop::among(ORDER, verb));
    let modal = ["can", "could", "would", "will", "should", "shall"].contains(&first.as_str());
    let unmarked = stop::among(WH, first) && stop::among(VERB, at(1));
    if marked || unmarked {
        // "Can we drop that tag?" asks whether one can; "could we" asks for it.
        let able = first == "can" && at(1) == "we";
        let somebody = ["you", "we", "someone", "somebody"].contains(&at(1));
        if modal && somebody && !able && order.is_some() {
            return SaidSentence::Order(format!("asks to “{}”", verb.map_or("", String::as_str)));
        }
        let polite = ["could", "would", "should", "shall"].contains(&first.as_str());
        let mine = words
            .iter()
            .any(|word| ["i", "my", "me"].contains(&word.as_str()));
        if polite && wh.is_none() && !mine && at(1) != "there" {
            return SaidSentence::Order(format!("“{first} …” suggests a change"));
        }
        let whether = words.len() <= 14
            && wh.is_none_or(|wh| wh == "what")
            && words
                .iter()
                .any(|word| stop::among(WHETHER, word) && !(wh.is_some() && word == "wrong"));
        if whether || words.len() < 3 && !stop::among(WH, first) {
            return SaidSentence::Told;
        }
        let asks = wh
            .filter(|_| !stop::among(QUESTION, first))
            .unwrap_or(first);
        return SaidSentence::Question(format!("“{asks} …” asks"));
    }
    if verb.is_some_and(|verb| verb == "show") {
        let next = words
            .iter()
            .position(|word| word == "show")
            .map_or("", |place| at(place + 1));
        return match next.is_empty() || stop::among(SHOWN, next) {
            true => SaidSentence::Question("“show” asks".into()),
            false => SaidSentence::Order("“show” orders".into()),
        };
    }
    if verb.is_some_and(|verb| stop::among(TELL, verb)) && first != "i" && first != "we" {
        return SaidSentence::Question(format!("“{}” asks", verb.map_or("", String::as_str)));
    }
    let mine = ["i", "we"].contains(&first.as_str());
    if let Some(order) = order
        && !mine
    {
        return SaidSentence::Order(format!("“{order}” orders"));
    }
    if first == "please"
        || words
            .windows(2)
            .any(|pair| pair[0] == "please" && stop::among(ORDER, &pair[1]))
    {
        return SaidSentence::Order("“please” orders".into());
    }
    SaidSentence::Told
}

/// The words of a sentence, in lower case; a scope in front (`parser: handle x`) is left out.
fn spoken(sentence: &str) -> Vec<String> {
    let start = sentence.trim_start_matches(|c: char| !c.is_alphanumeric());
    let told = match start.split_once(": ") {
        Some((scope, rest)) if !scope.contains(char::is_whitespace) && !rest.is_empty() => {
            match scope.split('(').next() == Some("fix") {
                true => format!("fix {rest}"),
                false => rest.to_owned(),
            }
        }
        _ => start.to_owned(),
    };
    let greetings = [
        "hi", "hello", "hey", "all", "there", "folks", "team", "dear",
    ];
    told.replace('’', "'")
        .split(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '-' || c == '_'))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .enumerate()
        .skip_while(|(at, word)| *at < 3 && greetings.contains(&word.as_str()))
        .map(|(_, word)| word)
        .collect()
}

/// Sentences with the mark they end in; a dot inside a name, a number or a quotation ends none.
fn sentences(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut current = String::new();
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    let mut end = |current: &mut String| {
        let sentence = current.trim();
        if sentence.chars().any(char::is_alphanumeric) {
            all.push(sentence.to_owned());
        }
        current.clear();
    };
    while let Some(c) = chars.next() {
        if c == '\n'
            && (chars.peek() == Some(&'\n')
                || !quoted && chars.peek().is_some_and(|next| "-*#>`".contains(*next)))
        {
            end(&mut current);
            quoted = false;
            continue;
        }
        if matches!(c, '"' | '`') {
            quoted = !quoted;
        }
        current.push(if c == '\n' { ' ' } else { c });
        let last = chars.peek().is_none_or(|next| next.is_whitespace());
        if !quoted && last && matches!(c, '.' | '?' | '!' | ';') {
            end(&mut current);
        }
    }
    end(&mut current);
    all
}
