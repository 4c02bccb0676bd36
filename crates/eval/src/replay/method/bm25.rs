//! BM25 as Lucene has it, over plain words: a fair search engine, nothing of which was fitted to any repository.
//!
//! Worth of a text: Σ over the question's words, each as often as it stands there, of
//! ln(1 + (N − n + ½) / (n + ½)) · tf · (k₁ + 1) / (tf + k₁ · (1 − b + b · length / mean length)), with k₁ = 1.2 and
//! b = 0.75. Source: <https://lucene.apache.org/core/10_0_0/core/org/apache/lucene/search/similarities/BM25Similarity.html>.

use super::super::snapshot::Snapshot;
use super::super::terms::{Terms, counted};
use super::{BenchError, Method, ranked};

const K1: f64 = 1.2;
const B: f64 = 0.75;

struct Bm25<'s> {
    content: &'s Terms,
    path: Option<Terms>,
    about: &'static str,
}

/// Over the texts.
pub fn content(snapshot: &Snapshot, _: u64) -> Result<Box<dyn Method + '_>, BenchError> {
    Ok(Box::new(Bm25 {
        content: snapshot.words(),
        path: None,
        about: "BM25 of the text (k1 1.2, b 0.75)",
    }))
}

/// Over the texts and, as a field of its own whose worth is added, the paths.
pub fn content_and_path(snapshot: &Snapshot, _: u64) -> Result<Box<dyn Method + '_>, BenchError> {
    Ok(Box::new(Bm25 {
        content: snapshot.words(),
        path: Some(Terms::of(&snapshot.files, |file| &file.path)),
        about: "BM25 of the text + BM25 of the path",
    }))
}

impl Method for Bm25<'_> {
    fn about(&self) -> String {
        self.about.into()
    }

    fn files(&self, question: &str, _: Option<&str>) -> Result<Vec<usize>, BenchError> {
        let words = counted(question);
        let mut worth = vec![0.0; self.content.lengths.len()];
        for field in std::iter::once(self.content).chain(&self.path) {
            let all = field.lengths.len() as f64;
            let words_of_all: u64 = field.lengths.iter().map(|length| u64::from(*length)).sum();
            let mean = (words_of_all as f64 / all.max(1.0)).max(1.0);
            for (word, asked) in &words {
                let postings = field.postings(word);
                let holding = postings.len() as f64;
                let idf = (1.0 + (all - holding + 0.5) / (holding + 0.5)).ln();
                for posting in postings {
                    let at = posting.text as usize;
                    let times = f64::from(posting.times);
                    let length = f64::from(field.lengths[at]) / mean;
                    let norm = K1 * (1.0 - B + B * length);
                    worth[at] += f64::from(*asked) * idf * times * (K1 + 1.0) / (times + norm);
                }
            }
        }
        Ok(ranked(&worth))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(texts: &[&str], question: &str) -> Vec<usize> {
        let method = Bm25 {
            content: &Terms::of(texts, |text| text),
            path: None,
            about: "",
        };
        method.files(question, None).unwrap()
    }

    #[test]
    fn rare_words_short_texts_and_repetition_count() {
        assert_eq!(search(&["a b", "a", "c"], "a"), [1, 0]);
        assert_eq!(
            search(&["common rare", "common x", "common y"], "rare common")[0],
            0
        );
        assert_eq!(search(&["w x y z", "w w y z"], "W")[0], 1);
        assert!(search(&["a"], "b").is_empty());
    }

    #[test]
    fn the_figures_are_those_of_the_formula() {
        let texts = ["cat cat dog", "dog", "bird bird bird bird bird"];
        let method = Bm25 {
            content: &Terms::of(&texts, |text| text),
            path: None,
            about: "",
        };
        // N = 3, n = 1, tf = 2, length 3 at a mean of 3: ln(1 + 2.5 / 1.5) · 2 · 2.2 / (2 + 1.2).
        let wanted = (1.0_f64 + 2.5 / 1.5).ln() * 4.4 / 3.2;
        let postings = method.content.postings("cat");
        assert_eq!((postings.len(), postings[0].times), (1, 2));
        assert!((wanted - 1.348_6).abs() < 1e-4);
        assert_eq!(method.files("cat", None).unwrap(), [0]);
    }
}
