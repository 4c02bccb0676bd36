//! Words that a request is made of, not about. English, general, and about no project.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Words without any meaning for a search.
const STOP: &str = "
    a able about all also am an and any anybody anyone anything are as at be because been before being best
    but by can could did do does doing done don't each either else etc ever every everything everywhere
    exactly explain few for from get gets give given got had has have having he help her here hi his
    how i i'd i'm if in instead into is isn't it it's its just know let let's like make makes making many
    may maybe me might mine more most much must my need needs no not now of on one only onto or other our
    out over own please possible properly rather really same see seem shall she should shouldn't show so
    some somebody someone something somehow somewhere still such tell than thank thanks that the their them
    then there these they thing things this those through to too under until up us very via want wants was
    way ways we were what what's when where where's whether which while who whole whom whose why will with
    within without would yes yet you your i've doesn't can't won't didn't there's entire across both again
    another correctly simply easily currently usually
";

/// Words that most requests about any software hold: they count, but little.
const WEAK: &str = "
    add added adding adds allow allows apply behavior behaviour binding bindings bug call called calling
    calls case change changed changes check code compare compared crash crashes create creates creating current default
    define defined delete difference different differ enable ensure error example examples expect expected fail failing fails
    feature file files find finds first fix fixed fixes function functions gives handle handled handles
    handling happen happens implement implemented improve incorrect issue keep language languages last lead
    leads library list long look mean means method methods module multiple name new object old option
    options package pass problem program project provide provides put remove removes rename replace request
    result results return returns right run running runs second set sets setting simple single specific
    start support supported supporting supports take takes test tests thing time try trying type types
    update updates use used user users uses using value values version work working works write writes
    writing wrong wrongly badly incorrectly
";

/// Those of them that a question may be about: what is opened, tested or listed.
const MILD: &str = "
    default error errors file files function functions language languages library list method methods
    module object option options package problem program project release result results test tests type types
    user users value values version
";

/// Ordinary words by which a question is told rather than what it is about.
const TELLING: &str = "
    able actually ago already always around asked away beforehand certain certainly colleague colleagues com come comes coming
    couple course day days decent deal else enough especially ever everybody everywhere example exactly far few fine folks
    forget full going gone good great guess half happy hard hello hopefully idea instead just keep keeps kind laptop least
    left like little look looking looks lot lots low mean meant moment morning myself never next nice nobody none
    noticed nothing obvious often ok okay once one ones otherwise own part particular people perhaps piece place preferably
    pretty probably put quite rather real reason recommended rid right rubbish say says seem seems self several similar since
    single slightly something sometimes somewhat sorry sort spared stuff sure team tell tells themselves think thought
    though throw today together told tomorrow took two unless usual usually week weeks well wonder wondering yesterday yet
";

/// How much a word of a question, in lower case, is worth: who only asks does not mean "add" or "a new file" as who
/// orders does.
pub fn asked(word: &str) -> Option<f64> {
    match worth(word) {
        Some(worth) if worth < 1.0 && among(MILD, word) => Some(0.75),
        Some(worth) if worth < 1.0 || among(TELLING, word) => Some(0.45),
        worth => worth,
    }
}

/// How much a word of a request, in lower case, is worth; none when it means nothing.
pub fn worth(word: &str) -> Option<f64> {
    if among(STOP, word) {
        None
    } else if among(WEAK, word) {
        Some(0.25)
    } else {
        Some(1.0)
    }
}

/// Whether a word in lower case means nothing: for texts of any length.
pub fn is_empty(word: &str) -> bool {
    static WORDS: LazyLock<HashSet<&str>> =
        LazyLock::new(|| STOP.split_ascii_whitespace().collect());
    WORDS.contains(word)
}

/// Whether a list of words, separated by blanks, holds one.
pub fn among(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|known| known == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_question_mean_nothing_and_common_ones_little() {
        assert_eq!(worth("how"), None);
        assert!(worth("add").is_some_and(|worth| worth < 0.5));
        assert_eq!(worth("weekday"), Some(1.0));
        assert!(asked("file") > worth("file"));
        assert!(asked("add") < asked("file"));
        assert!(asked("sure") < worth("sure"));
        assert_eq!(worth(""), Some(1.0));
    }
}
