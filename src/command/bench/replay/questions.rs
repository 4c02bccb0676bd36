//! Questions kept in a file: JSON lines, each with what is asked, what was changed for it, and where it comes from.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::super::BenchError;
use crate::history;

/// Bytes of a file of questions that are read.
const MOST: u64 = 256 << 20;

/// One line of the file.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Question {
    /// Tells it apart, such as `owner/name#12`.
    pub id: String,
    /// What is asked: a title, and the first paragraphs.
    pub text: String,
    /// The files that were changed for it, from the top of the repository.
    pub files: BTreeSet<String>,
    /// The commit that was there before.
    pub base: String,
    /// Where it was asked.
    pub url: String,
    /// `owner/name` of the repository it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// What it may be used for: `tuning`, or `judging` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set: Option<String>,
}

/// The questions of a file that are about a repository, which has their base commits, and how many are not.
pub fn read(path: &Path, repository: &Path) -> Result<(Vec<Question>, usize), BenchError> {
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
        let question: Question = serde_json::from_str(row).map_err(|it| wrong(it.to_string()))?;
        if question.text.trim().is_empty() {
            return Err(wrong("there is no text".into()));
        }
        all.push(question);
    }
    let bases: BTreeSet<&str> = all.iter().map(|question| question.base.as_str()).collect();
    let bases: Vec<&str> = bases.into_iter().collect();
    let here = history::held(repository, &bases)?;
    let here: BTreeSet<String> = bases
        .iter()
        .zip(here)
        .filter_map(|(base, held)| held.then(|| (*base).to_owned()))
        .collect();
    let count = all.len();
    all.retain(|question| here.contains(&question.base));
    let elsewhere = count - all.len();
    if all.is_empty() {
        return Err(BenchError::NoQuestion {
            path: path.to_owned(),
            count,
        });
    }
    Ok((all, elsewhere))
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
            let error = read(&file, folder.path()).unwrap_err().to_string();
            assert!(
                error.contains(said) && error.contains("\nrepair: "),
                "{error}"
            );
        }
    }
}
