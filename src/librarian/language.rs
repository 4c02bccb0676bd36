//! Names of programming languages: as people write them, as fences and file names show them.

/// One language.
#[derive(Debug, Eq, PartialEq)]
pub struct Language {
    /// Its name in prose.
    pub name: &'static str,
    /// Lower-case words that mean it in a request, in a code fence or in a package's name.
    pub words: &'static [&'static str],
    /// File name extensions, without the dot.
    pub extensions: &'static [&'static str],
}

/// The languages that can be told apart. Words that prose uses for other things ("go", "c", "r") are
/// taken for a language only where they are spelled as its name, see [`asked`].
pub const LANGUAGES: &[Language] = &[
    language("Rust", &["rust", "rs"], &["rs"]),
    language(
        "Python",
        &["python", "python3", "py", "cpython"],
        &["py", "pyi", "pyx"],
    ),
    language(
        "JavaScript",
        &["javascript", "js", "node", "nodejs", "ecmascript"],
        &["js", "mjs", "cjs", "jsx"],
    ),
    language(
        "TypeScript",
        &["typescript", "ts"],
        &["ts", "tsx", "mts", "cts"],
    ),
    language("Go", &["golang"], &["go"]),
    language(
        "C++",
        &["cpp", "cxx"],
        &["cpp", "cc", "cxx", "hpp", "hxx", "hh"],
    ),
    language("C#", &["csharp", "dotnet"], &["cs"]),
    language("C", &[], &["c", "h"]),
    language("Java", &["java", "jvm"], &["java"]),
    language("Kotlin", &["kotlin"], &["kt", "kts"]),
    language("Swift", &["swift"], &["swift"]),
    language("Ruby", &["ruby", "rb"], &["rb"]),
    language("PHP", &["php"], &["php"]),
    language("Nix", &["nix", "nixos"], &["nix"]),
    language(
        "Shell",
        &["shell", "bash", "sh", "zsh", "posix"],
        &["sh", "bash", "zsh", "fish"],
    ),
    language(
        "WebAssembly",
        &["webassembly", "wasm", "wat"],
        &["wasm", "wat", "wit"],
    ),
    language("HTML", &["html"], &["html", "htm"]),
    language("CSS", &["css", "scss"], &["css", "scss", "sass", "less"]),
    language("SQL", &["sql"], &["sql"]),
    language("Haskell", &["haskell", "hs"], &["hs"]),
    language("OCaml", &["ocaml"], &["ml", "mli"]),
    language("Scala", &["scala"], &["scala"]),
    language("Elixir", &["elixir"], &["ex", "exs"]),
    language("Erlang", &["erlang"], &["erl", "hrl"]),
    language("Lua", &["lua"], &["lua"]),
    language("Perl", &["perl"], &["pl", "pm"]),
    language("Zig", &["zig"], &["zig"]),
    language("Julia", &["julia"], &["jl"]),
];

const fn language(
    name: &'static str,
    words: &'static [&'static str],
    extensions: &'static [&'static str],
) -> Language {
    Language {
        name,
        words,
        extensions,
    }
}

/// The language of a file, by the extension of its name.
pub fn of_path(path: &str) -> Option<&'static Language> {
    let name = path.rsplit('/').next()?;
    let (_, extension) = name.rsplit_once('.')?;
    LANGUAGES
        .iter()
        .find(|language| language.extensions.contains(&extension))
}

/// The language a word of a request means. `C`, `C++`, `C#` and `Go` only as they are spelled there.
pub fn asked(word: &str) -> Option<&'static Language> {
    let exact = |name: &str| LANGUAGES.iter().find(|language| language.name == name);
    match word {
        "C" | "C++" | "c++" | "C#" | "c#" => exact(&word.to_uppercase()),
        "Go" => exact(word),
        _ => of_word(&word.to_lowercase()),
    }
}

/// The language a lower-case word means in a fence, a name or a request.
pub fn of_word(word: &str) -> Option<&'static Language> {
    LANGUAGES
        .iter()
        .find(|language| language.words.contains(&word))
}

/// The language of a Markdown fence, by its info string such as `rust,no_run`.
pub fn of_fence(info: &str) -> Option<&'static Language> {
    let word: String = info
        .trim_start_matches(['{', '.', ' '])
        .chars()
        .take_while(|c| c.is_alphanumeric() || "+#".contains(*c))
        .flat_map(char::to_lowercase)
        .collect();
    of_word(&word).or_else(|| {
        LANGUAGES.iter().find(|language| {
            language.extensions.contains(&word.as_str()) || language.name.to_lowercase() == word
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verb_is_no_language_but_its_name_is() {
        assert_eq!(asked("go"), None);
        assert_eq!(asked("Go").map(|l| l.name), Some("Go"));
        assert_eq!(asked("c++").map(|l| l.name), Some("C++"));
        assert_eq!(asked("PYTHON").map(|l| l.name), Some("Python"));
    }

    #[test]
    fn fences_and_file_names_tell_their_language() {
        assert_eq!(of_fence("rust,no_run").map(|l| l.name), Some("Rust"));
        assert_eq!(of_fence("go").map(|l| l.name), Some("Go"));
        assert_eq!(of_fence(""), None);
        assert_eq!(of_path("a/b.test.tsx").map(|l| l.name), Some("TypeScript"));
        assert_eq!(of_path("Makefile"), None);
    }
}
