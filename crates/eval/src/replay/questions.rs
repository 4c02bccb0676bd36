//! Questions kept in a file: JSON lines, each with what is asked, what was changed for it, and where it comes from.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::BenchError;
use poag_git::history;

/// Bytes of a file of questions that are read.
const MOST: u64 = 256 << 20;

/// One line of the file. What else stands there, `url` and `repository`, tells people where it comes from.
#[derive(Clone, Debug, Deserialize)]
pub struct KeptQuestion {
    /// Tells it apart, such as `owner/name#12`.
    pub id: String,
    /// What is asked: a title, and the first paragraphs.
    pub text: String,
    /// The files that were changed for it, from the top of the repository.
    pub files: BTreeSet<String>,
    /// The commit that was there before.
    pub base: String,
    /// What it may be used for: `tuning`, or `judging` only.
    #[serde(default)]
    pub set: Option<String>,
}

/// The questions of a file.
pub fn read(path: &Path) -> Result<Vec<KeptQuestion>, BenchError> {
    let failed = |source| BenchError::File {
        path: path.to_owned(),
        source,
    };
    let size = fs::metadata(path).map_err(failed)?.len();
    if size > MOST {
        return Err(failed(std::io::ErrorKind::FileTooLarge.into()));
    }
    let text = fs::read_to_string(path).map_err(failed)?;
    let mut all = Vec::new();
    for (line, row) in (1..).zip(text.lines()) {
        if row.trim().is_empty() {
            continue;
        }
        let wrong = |reason: String| BenchError::Question {
            path: path.to_owned(),
            line,
            reason,
        };
        let question: KeptQuestion =
            serde_json::from_str(row).map_err(|it| wrong(it.to_string()))?;
        if question.text.trim().is_empty() {
            return Err(wrong("there is no text".into()));
        }
        all.push(question);
    }
    Ok(all)
}

/// The questions whose base commit a repository holds, and the others.
pub fn held(
    all: Vec<KeptQuestion>,
    repository: &Path,
) -> Result<(Vec<KeptQuestion>, Vec<KeptQuestion>), BenchError> {
    let bases: BTreeSet<&str> = all.iter().map(|question| question.base.as_str()).collect();
    let bases: Vec<&str> = bases.into_iter().collect();
    let held = history::held(repository, &bases)?;
    let here: BTreeSet<String> = bases
        .iter()
        .zip(held)
        .filter(|(_, held)| *held)
        .map(|(base, _)| (*base).to_owned())
        .collect();
    Ok(all
        .into_iter()
        .partition(|question| here.contains(&question.base)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_no_question_is_named_with_its_number() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("questions.jsonl");
        let good = r#"{"id":"a#1","text":"t","files":["x"],"base":"0","url":"u"}"#;
        for (text, said) in [
            (format!("{good}\n\n{{}}\n"), "line 3: missing field"),
            (good.replace("\"t\"", "\" \""), "line 1: there is no text"),
        ] {
            fs::write(&file, text).unwrap();
            let error = read(&file).unwrap_err().to_string();
            assert!(
                error.contains(said) && error.contains("\nrepair: "),
                "{error}"
            );
        }
    }
}
