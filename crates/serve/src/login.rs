//! A browser logs in by a link that holds a word for one use, and is known by a cookie from then on.

use std::collections::HashMap;
use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::HeaderMap;
use axum::http::header::COOKIE;

use crate::secret;

/// How long a link can be used.
const LINK: Duration = Duration::from_secs(10 * 60);
/// How long a browser stays known.
const KNOWN: Duration = Duration::from_secs(12 * 60 * 60);
/// Links or browsers at a time; the oldest go.
const MOST: usize = 64;

/// Links that were given, and browsers that used one: by the hash of their word, with when it was given.
#[derive(Debug, Default)]
pub(crate) struct Logins {
    links: Mutex<HashMap<String, Instant>>,
    browsers: Mutex<HashMap<String, Instant>>,
}

impl Logins {
    /// A word for one use.
    pub fn link(&self) -> io::Result<String> {
        remember(&self.links)
    }

    /// A word for a cookie, for one of a link that was not used yet and not too long ago.
    pub fn enter(&self, word: &str) -> io::Result<Option<String>> {
        let mut links = self.links.lock().unwrap_or_else(PoisonError::into_inner);
        let given = links.remove(&secret::hash(word));
        drop(links);
        match given.is_some_and(|given| given.elapsed() < LINK) {
            true => remember(&self.browsers).map(Some),
            false => Ok(None),
        }
    }

    /// Whether a browser is known by its cookie.
    pub fn knows(&self, headers: &HeaderMap, cookie: &str) -> bool {
        let all = headers.get_all(COOKIE).into_iter();
        let pairs = all.filter_map(|value| value.to_str().ok());
        let mut pairs = pairs.flat_map(|value| value.split(';'));
        let word = pairs.find_map(|pair| pair.trim().strip_prefix(cookie)?.strip_prefix('='));
        let Some(word) = word else { return false };
        let browsers = self.browsers.lock().unwrap_or_else(PoisonError::into_inner);
        let since = browsers.get(&secret::hash(word));
        since.is_some_and(|since| since.elapsed() < KNOWN)
    }
}

fn remember(words: &Mutex<HashMap<String, Instant>>) -> io::Result<String> {
    let word = secret::fresh()?;
    let mut words = words.lock().unwrap_or_else(PoisonError::into_inner);
    if words.len() >= MOST {
        let oldest = words.iter().min_by_key(|(_, at)| **at);
        if let Some(oldest) = oldest.map(|(hash, _)| hash.clone()) {
            words.remove(&oldest);
        }
    }
    words.insert(secret::hash(&word), Instant::now());
    Ok(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_for_one_use() {
        let logins = Logins::default();
        let word = logins.link().unwrap();
        let cookie = logins.enter(&word).unwrap().unwrap();
        assert_eq!(logins.enter(&word).unwrap(), None);
        assert_eq!(logins.enter("another").unwrap(), None);
        let mut headers = HeaderMap::new();
        let value = format!("a=b; poag={cookie}; c=d");
        headers.insert(COOKIE, value.parse().unwrap());
        assert!(logins.knows(&headers, "poag"));
        headers.insert(COOKIE, format!("poag={word}").parse().unwrap());
        assert!(!logins.knows(&headers, "poag"));
    }
}
