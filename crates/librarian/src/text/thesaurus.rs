//! Words that mean the same to who asks about software in ordinary words: documentation says `directory` and `exclude`
//! where people say "folder" and "leave out".
//!
//! General words of the trade, written by hand; nothing here is a name of any project.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::words;

/// One group a line. A word of several parts, joined by `-`, stands for these words in a row ("turn off").
const GROUPS: &str = "
    delete remove erase clear purge uninstall clean rid prune
    folder directory dir
    disable deactivate suppress turn-off switch-off turned-off switched-off
    enable activate turn-on switch-on turned-on switched-on
    skip ignore exclude omit leave-out left-out leaves-out
    hide hidden private invisible conceal
    order sort sequence sorted
    show display print list view see output
    setting option flag configuration parameter switch preference argument
    configure customize customise setup set-up
    shortcut alias abbreviation
    shorten truncate abbreviate trim
    fast speed performance slow quick optimize
    crash panic abort
    error failure fail
    retry rerun again re-run repeat
    merge combine join concatenate
    split divide separate break
    start launch run invoke execute begin
    stop exit quit cancel terminate kill interrupt ctrl-c signal
    wait delay pause sleep timeout
    password secret credential token authentication auth login
    certificate tls ssl ca
    download fetch retrieve pull
    upload publish release deploy push
    forward proxy redirect
    modify edit alter change
    rename move moved redirect
    copy duplicate clone
    picture image icon symbol glyph
    color colour
    equation formula math mathjax latex
    snippet sample example
    allow permit permission grant
    forbid deny reject prevent ban disallow block
    find search locate discover
    replace substitute replacement
    compare diff difference
    check verify validate ensure make-sure
    ask prompt confirm confirmation question
    fallback default optional
    several multiple many
    parallel concurrent concurrency simultaneously at-once same-time
    dependency package library requirement
    old legacy outdated deprecated previous
    upgrade update newer latest
    env environment
    terminal console shell stdout
    log logging
    reload refresh watch live hot-reload
    maximum max limit
    minimum min least
    large big huge
    approximate almost approx
    docs documentation document
    machine computer host
    server remote
    website site page
    unpack decompress extract archive zip gz compressed
    minify compress
    random shuffle randomize
    interval period frequency
    restore recover undo revert
    lock pin freeze lockfile
    quiet silent mute noisy
    verbose detail debug
    negative minus hyphen
    binary executable
    mock fake stub monkeypatch patch
    note admonition callout
    plugin extension
    embed include insert inline
    sub-folder subdirectory subfolder base-path
    phone mobile lan
    save write store persist autosave
    open expand
    force override overrule
    exception throw raise
    slowest duration profile timing
    override overwrite
    syntax format notation
    chapter section
    content text body
    language locale translation
    temporary temp tmp
    user account
    permission privilege root sudo
    container docker
    ci pipeline continuous-integration
    test check
    width wide length
    compile build
";

/// What other terms stand for a term, and which terms stand for two words in a row.
struct Thesaurus {
    of: HashMap<String, Vec<String>>,
    pairs: HashMap<(String, String), Vec<String>>,
}

static ALL: LazyLock<Thesaurus> = LazyLock::new(|| {
    let mut all = Thesaurus {
        of: HashMap::new(),
        pairs: HashMap::new(),
    };
    for group in GROUPS.lines() {
        let mut singles: Vec<String> = Vec::new();
        let mut pairs = Vec::new();
        for word in group.split_whitespace() {
            match word.split_once('-') {
                Some((first, second)) => pairs.push((words::whole(first), words::whole(second))),
                None => singles.push(words::whole(word)),
            }
        }
        singles.sort();
        singles.dedup();
        for word in &singles {
            let others = singles.iter().filter(|other| *other != word).cloned();
            all.of.entry(word.clone()).or_default().extend(others);
        }
        for pair in pairs {
            all.pairs
                .entry(pair)
                .or_default()
                .extend(singles.iter().cloned());
        }
    }
    all
});

/// The terms that mean what a term means.
#[must_use]
pub fn like(term: &str) -> &'static [String] {
    ALL.of.get(term).map_or(&[], Vec::as_slice)
}

/// The terms that mean what two terms mean that stand in a row.
#[must_use]
pub fn like_both(first: &str, second: &str) -> &'static [String] {
    let pair = (first.to_owned(), second.to_owned());
    ALL.pairs.get(&pair).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_trade_stand_for_one_another() {
        let stands =
            |word: &str, other: &str| like(&words::whole(word)).contains(&words::whole(other));
        assert!(stands("folder", "directory") && stands("directories", "folders"));
        assert!(!stands("folder", "folder") && !stands("folder", "delete"));
        assert!(like_both("turn", "off").contains(&words::whole("disable")));
        assert!(like_both("turn", "the").is_empty());
    }
}
