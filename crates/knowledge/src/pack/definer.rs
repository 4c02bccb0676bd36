//! Which words of a source define something for others, as far as words on a line tell.

use super::names::Word;
use crate::outline::Language;

/// What is known of the line that is being read.
#[derive(Default)]
struct SourceLine {
    /// The next word is the name of a definition.
    pending: bool,
    /// It begins as lines with something public do.
    public: bool,
    /// All its words are public.
    list: bool,
    /// What it defines was found.
    done: bool,
}

/// A reader of the words of one file.
pub(super) struct Definer {
    language: Language,
    line: SourceLine,
    /// What follows is test code.
    stopped: bool,
}

impl Definer {
    /// For files in languages whose definitions can be told.
    pub fn of(path: &str, text: &str) -> Option<Self> {
        let language =
            Language::of(path, text).filter(|language| *language != Language::Markdown)?;
        Some(Self {
            language,
            line: SourceLine::default(),
            stopped: false,
        })
    }

    /// Whether the word is what its line defines for others. Words come in order.
    pub fn defines(&mut self, word: &Word<'_>) -> bool {
        if word.first {
            self.line = SourceLine::default();
        }
        if self.stopped {
            return false;
        }
        match self.language {
            Language::Rust => self.rust(word),
            Language::Python => self.python(word),
            Language::JavaScript | Language::TypeScript | Language::Tsx => self.script(word),
            Language::Go => self.go(word),
            Language::C | Language::Cpp => self.c(word),
            Language::Java => self.java(word),
            Language::Nix => follows(word, b"=") && (word.first || word.before == b'.'),
            Language::Bash => self.shell(word),
            Language::Markdown => false,
        }
    }

    fn rust(&mut self, word: &Word<'_>) -> bool {
        if word.first {
            self.line.public = word.bytes == b"pub" && word.after.first() != Some(&b'(');
        }
        match word.bytes {
            b"cfg" if word.after.starts_with(b"(test)") => self.stopped = true,
            b"fn" | b"struct" | b"enum" | b"trait" | b"union" | b"type" | b"const" | b"static" => {
                self.line.pending = !self.line.done;
            }
            b"macro_rules" => (self.line.pending, self.line.public) = (true, true),
            b"mut" | b"unsafe" | b"async" | b"extern" => {}
            _ => return self.take() && self.line.public,
        }
        false
    }

    fn python(&mut self, word: &Word<'_>) -> bool {
        match word.bytes {
            b"def" | b"class" if word.indent <= 4 => self.line.pending = true,
            b"async" => {}
            name if self.take() => return !name.starts_with(b"_"),
            name if word.first && word.indent == 0 => {
                return follows(word, b"=") && !name.starts_with(b"_");
            }
            _ => {}
        }
        false
    }

    fn script(&mut self, word: &Word<'_>) -> bool {
        if word.first {
            self.line.public = word.bytes == b"export";
            self.line.list = self.line.public && follows(word, b"{");
            return false;
        }
        match word.bytes {
            b"function" | b"class" | b"interface" | b"type" | b"enum" | b"const" | b"let"
            | b"var" | b"namespace" => {
                self.line.pending = !self.line.done;
                false
            }
            _ => self.line.list || self.take() && self.line.public,
        }
    }

    fn go(&mut self, word: &Word<'_>) -> bool {
        match word.bytes {
            b"func" | b"type" | b"const" | b"var" if word.first && word.indent == 0 => {
                // A method's receiver stands in front of its name.
                self.line.list = word.after.starts_with(b" (");
                self.line.pending = true;
                false
            }
            name => {
                if self.line.list {
                    self.line.list = !word.after.starts_with(b") ");
                    return false;
                }
                self.take() && name[0].is_ascii_uppercase()
            }
        }
    }

    fn c(&mut self, word: &Word<'_>) -> bool {
        if word.first {
            self.line.public = word.indent == 0 && word.bytes != b"static";
        }
        match word.bytes {
            b"define" if word.before == b'#' => {
                self.line.pending = true;
                self.line.public = true;
                self.line.list = true;
            }
            b"struct" | b"class" | b"enum" | b"union" | b"namespace" => self.line.pending = true,
            _ if self.line.pending => {
                self.line.pending = false;
                let opens = [&b"{"[..], b":", b"\n"]
                    .iter()
                    .any(|mark| follows(word, mark));
                self.line.done = self.line.list || opens;
                return self.line.done;
            }
            _ if self.line.public && !self.line.done && !word.first => {
                self.line.done = word.after.starts_with(b"(");
                return self.line.done;
            }
            _ => {}
        }
        false
    }

    fn java(&mut self, word: &Word<'_>) -> bool {
        if word.first {
            self.line.public = word.bytes == b"public";
        }
        match word.bytes {
            b"class" | b"interface" | b"enum" | b"record" => self.line.pending = true,
            _ if self.take() => return true,
            _ if self.line.public && !self.line.done => {
                self.line.done = word.after.starts_with(b"(");
                return self.line.done;
            }
            _ => {}
        }
        false
    }

    fn shell(&mut self, word: &Word<'_>) -> bool {
        if word.first && word.bytes == b"function" {
            self.line.pending = true;
            return false;
        }
        self.take() || word.first && word.after.starts_with(b"()")
    }

    /// Whether this is the name that was waited for.
    fn take(&mut self) -> bool {
        let pending = self.line.pending;
        self.line.pending = false;
        self.line.done |= pending;
        pending
    }
}

/// Whether `mark` is the next on the line; `=` is not `==`.
fn follows(word: &Word<'_>, mark: &[u8]) -> bool {
    let spaces = word
        .after
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b'\t'));
    let rest = &word.after[spaces.count()..];
    rest.starts_with(mark) && !(mark == b"=" && rest.starts_with(b"=="))
}
