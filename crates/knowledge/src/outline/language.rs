//! Which language a file is written in, by its name, or by its first line where the name says nothing.

/// The languages that have an outline.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Language {
    /// `.rs`
    Rust,
    /// `.py`, `.pyi`
    Python,
    /// `.js`, `.mjs`, `.cjs`, `.jsx`
    JavaScript,
    /// `.ts`, `.mts`, `.cts`
    TypeScript,
    /// `.tsx`
    Tsx,
    /// `.go`
    Go,
    /// `.c`, and `.h` without a sign of C++
    C,
    /// `.cc`, `.cpp`, `.cxx`, `.hh`, `.hpp`, `.hxx`, and `.h` with one
    Cpp,
    /// `.java`
    Java,
    /// `.nix`
    Nix,
    /// `.sh`, `.bash`, and scripts that start with such a shell.
    Bash,
    /// `.md`, `.markdown`
    Markdown,
}

impl Language {
    /// The language of a file; none where it has no outline.
    pub fn of(path: &str, text: &str) -> Option<Self> {
        let name = path.rsplit('/').next().unwrap_or(path);
        match name.rsplit_once('.') {
            Some((_, "h")) => Some(Self::of_header(text)),
            Some((_, extension)) => Self::of_extension(extension),
            None => Self::of_interpreter(text),
        }
    }

    fn of_extension(extension: &str) -> Option<Self> {
        Some(match extension.to_ascii_lowercase().as_str() {
            "rs" => Self::Rust,
            "py" | "pyi" => Self::Python,
            "js" | "mjs" | "cjs" | "jsx" => Self::JavaScript,
            "ts" | "mts" | "cts" => Self::TypeScript,
            "tsx" => Self::Tsx,
            "go" => Self::Go,
            "c" => Self::C,
            "cc" | "cpp" | "cxx" | "hh" | "hpp" | "hxx" => Self::Cpp,
            "java" => Self::Java,
            "nix" => Self::Nix,
            "sh" | "bash" => Self::Bash,
            "md" | "markdown" => Self::Markdown,
            _ => return None,
        })
    }

    /// C, unless a line begins as only those of C++ do.
    fn of_header(text: &str) -> Self {
        let cpp = [
            "class ",
            "namespace ",
            "template",
            "using ",
            "public:",
            "private:",
        ];
        let begins = |line: &str| cpp.iter().any(|word| line.starts_with(word));
        match text.lines().any(|line| begins(line.trim_start())) {
            true => Self::Cpp,
            false => Self::C,
        }
    }

    /// From `#!/usr/bin/env python3` and its like.
    fn of_interpreter(text: &str) -> Option<Self> {
        let line = text.strip_prefix("#!")?.lines().next()?;
        let program = line
            .split_whitespace()
            .map(|word| word.rsplit('/').next().unwrap_or(word))
            .find(|word| *word != "env" && !word.starts_with('-'))?;
        match program.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.') {
            "sh" | "bash" | "dash" | "ash" => Some(Self::Bash),
            "python" => Some(Self::Python),
            "node" => Some(Self::JavaScript),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn a_script_without_extension_is_known_by_its_interpreter() {
        let of = |text| Language::of("checks/run", text);
        assert_eq!(of("#!/bin/sh\n"), Some(Language::Bash));
        assert_eq!(of("#!/usr/bin/env -S bash -e\n"), Some(Language::Bash));
        assert_eq!(of("#!/usr/bin/env python3.12\n"), Some(Language::Python));
        assert_eq!(of("#!/usr/bin/perl\n"), None);
        assert_eq!(of("#!"), None);
        assert_eq!(of("sh"), None);
    }

    #[test]
    fn a_header_is_c_unless_it_shows_c_plus_plus() {
        assert_eq!(Language::of("a.h", "int greet(void);\n"), Some(Language::C));
        assert_eq!(
            Language::of("a.h", "\nnamespace hello {\n}\n"),
            Some(Language::Cpp)
        );
        assert_eq!(Language::of("a.d.ts", ""), Some(Language::TypeScript));
    }
}
