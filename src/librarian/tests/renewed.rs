//! An index that began with an older one answers as one that began with nothing.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use fastrand::Rng;
use tempfile::TempDir;

use crate::librarian::index::{Index, Level};
use crate::librarian::store;

const WORDS: &[&str] = &[
    "session",
    "parse_date",
    "Token",
    "leap",
    "second",
    "HTTPServer",
    "clock",
    "refuse",
    "greeting",
    "naïve",
    "x86",
    "cache",
    "lease",
    "renew",
    "Übergabe",
    "weekday",
    "calendar",
    "night",
];
const ENDS: &[&str] = &["rs", "py", "md", "txt", "js", "toml", "nix", "bin", "pem"];

/// A folder that changes, and the folder of its indexes.
struct Place {
    temp: TempDir,
    files: BTreeMap<String, Vec<u8>>,
    writes: u64,
}

impl Place {
    fn new() -> Self {
        let temp = tempfile::tempdir().unwrap();
        fs::create_dir(temp.path().join("knowledge")).unwrap();
        Self {
            temp,
            files: BTreeMap::new(),
            writes: 0,
        }
    }

    fn knowledge(&self) -> PathBuf {
        self.temp.path().join("knowledge")
    }

    fn cache(&self) -> PathBuf {
        self.temp.path().join("cache")
    }

    fn write(&mut self, path: &str, bytes: Vec<u8>) {
        let place = self.knowledge().join(path);
        super::world::write(&place, &bytes);
        // Told apart by their times, whatever the clock of the file system can tell.
        self.writes += 1;
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(self.writes);
        let file = fs::File::options().write(true).open(&place).unwrap();
        file.set_modified(time).unwrap();
        self.files.insert(path.to_owned(), bytes);
    }

    fn remove(&mut self, path: &str) -> Vec<u8> {
        fs::remove_file(self.knowledge().join(path)).unwrap();
        self.files.remove(path).unwrap()
    }

    fn any(&self, random: &mut Rng) -> Option<String> {
        let at = random.usize(..self.files.len().max(1));
        self.files.keys().nth(at).cloned()
    }

    /// Adds, changes, removes or renames a file.
    fn edit(&mut self, random: &mut Rng) {
        match (random.u8(..8), self.any(random)) {
            (0..=1, _) | (_, None) => self.write(&path(random), text(random)),
            (2..=5, Some(path)) => self.write(&path, text(random)),
            (6, Some(path)) => drop(self.remove(&path)),
            (_, Some(from)) => {
                let bytes = self.remove(&from);
                self.write(&path(random), bytes);
            }
        }
    }

    fn renewed(&self) -> Index {
        Index::open(&self.knowledge(), &self.cache()).unwrap()
    }

    fn fresh(&self) -> Index {
        let cache = self.temp.path().join("fresh");
        let _ = fs::remove_dir_all(&cache);
        Index::open(&self.knowledge(), &cache).unwrap()
    }

    /// How many files came and went since the index of what is there now was built whole.
    fn worn(&self) -> u32 {
        let db = store::open(&store::place(&self.cache(), &self.knowledge())).unwrap();
        db.query_row("SELECT worn FROM done", [], |row| row.get(0))
            .unwrap()
    }

    fn indexes(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.cache()).unwrap();
        let mut found: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        found.sort();
        found
    }
}

fn path(random: &mut Rng) -> String {
    let folder = ["", "src/", "docs/deep/"][random.usize(..3)];
    let end = ENDS[random.usize(..ENDS.len())];
    format!(
        "{folder}{}{}.{end}",
        WORDS[random.usize(..4)],
        random.u8(..20)
    )
}

fn text(random: &mut Rng) -> Vec<u8> {
    if random.u8(..12) == 0 {
        return vec![0, 159, 146, 150];
    }
    let mut text = String::new();
    for _ in 0..random.usize(..60) {
        let mut words = || {
            (0..4)
                .map(|_| WORDS[random.usize(..WORDS.len())])
                .collect::<Vec<_>>()
        };
        let (a, b) = (words(), words());
        let _ = match a.len() + b[0].len() + text.len() % 5 {
            0..=9 => writeln!(text, "# {} {}", a[0], b[0]),
            10..=11 => writeln!(text, "\npub fn {}() {{\n    {}({})\n}}", a[0], b[1], b[2]),
            12 => writeln!(text, "def {}():\n    \"\"\"{} {}.\"\"\"", a[1], b[1], a[2]),
            _ => writeln!(text, "{} {}", a.join(" "), b.join("-")),
        };
    }
    text.into_bytes()
}

/// All that an index can be asked.
fn told(index: &Index, terms: &[String]) -> String {
    let mut all = format!("{} passages of {:#?}\n", index.passages, index.files);
    for number in 1..=index.files.len() {
        let passages = index.passages_of(number).unwrap();
        for (row, passage) in &passages {
            assert_eq!(*index.passage(*row).unwrap(), *passage);
        }
        let _ = writeln!(all, "{passages:?}");
    }
    for term in terms {
        for level in [Level::File, Level::Passage] {
            let postings = index.postings(level, term).unwrap();
            let exact = postings.iter().map(|it| (it.row, it.tf.to_bits()));
            let _ = writeln!(all, "{term} {level:?} {:?}", exact.collect::<Vec<_>>());
        }
    }
    all
}

/// Every term of either index.
fn terms(place: &Place) -> Vec<String> {
    let mut all = Vec::new();
    for cache in [place.cache(), place.temp.path().join("fresh")] {
        let db = store::open(&store::place(&cache, &place.knowledge())).unwrap();
        let mut rows = db.prepare("SELECT term FROM term").unwrap();
        let found = rows.query_map([], |row| row.get::<_, String>(0)).unwrap();
        all.extend(found.map(Result::unwrap));
    }
    all.sort();
    all.dedup();
    all
}

fn compare(place: &Place, common: u32) {
    let (mut renewed, mut fresh) = (place.renewed(), place.fresh());
    (renewed.common, fresh.common) = (common, common);
    let terms = terms(place);
    let (renewed_told, fresh_told) = (told(&renewed, &terms), told(&fresh, &terms));
    for (one, other) in renewed_told.lines().zip(fresh_told.lines()) {
        assert_eq!(one, other);
    }
    assert_eq!(renewed_told.len(), fresh_told.len());
    // What stands anywhere is known to both.
    let known = |index: &Index| index.known(terms.iter().map(String::as_str)).unwrap();
    let (more, all) = (known(&renewed), known(&fresh));
    assert!(more.is_superset(&all), "{:?}", all.difference(&more).next());
}

#[test]
fn after_any_edits_it_answers_as_an_index_built_from_nothing() {
    let mut began = 0;
    for seed in 0..6 {
        let mut random = Rng::with_seed(seed);
        let mut place = Place::new();
        (0..30).for_each(|_| place.edit(&mut random));
        for round in 0..10 {
            compare(&place, if round % 2 == 0 { 20_000 } else { 6 });
            began += u32::from(place.worn() > 0);
            (0..random.usize(1..6)).for_each(|_| place.edit(&mut random));
        }
    }
    assert!(began > 20, "only {began} began with an older one");
}

fn place_of(count: usize) -> Place {
    let mut random = Rng::with_seed(7);
    let mut place = Place::new();
    for number in 0..count {
        place.write(&format!("src/file{number}.rs"), text(&mut random));
    }
    place
}

#[test]
fn a_changed_file_costs_only_itself_until_too_much_has_changed() {
    let mut place = place_of(12);
    place.renewed();
    assert_eq!(place.worn(), 0);
    place.write("src/file3.rs", b"pub fn three() {}".to_vec());
    place.renewed();
    assert_eq!(place.worn(), 2);
    for round in 0..12 {
        place.write("src/file4.rs", format!("pub fn four{round}() {{}}").into());
        place.renewed();
    }
    assert!(place.worn() <= 26, "{}", place.worn());
    for number in 0..12 {
        place.write(
            &format!("src/file{number}.rs"),
            format!("// {number}").into(),
        );
    }
    place.renewed();
    assert_eq!(place.worn(), 0, "nothing was left of the older one");
    compare(&place, 20_000);
}

#[test]
fn a_damaged_or_foreign_older_index_is_not_begun_with() {
    let mut place = place_of(8);
    place.renewed();
    let old = place.indexes()[0].clone();
    let good = fs::read(&old).unwrap();
    let name = old.file_name().unwrap().to_str().unwrap();
    let foreign = old.with_file_name(name.replacen('.', ".0", 1));
    let mut turned = good.clone();
    let middle = turned.len() / 2;
    turned[middle] ^= 1;
    for (at, (path, bytes)) in [
        (&old, turned),
        (&old, good[..good.len() - 1].to_vec()),
        (&old, b"no index".to_vec()),
        (&foreign, good.clone()),
    ]
    .into_iter()
    .enumerate()
    {
        fs::remove_dir_all(place.cache()).unwrap();
        super::world::write(path, &bytes);
        place.write("src/file0.rs", format!("pub fn zero{at}() {{}}").into());
        place.renewed();
        assert_eq!(place.worn(), 0, "{at}");
        compare(&place, 20_000);
    }
}

#[test]
fn many_may_begin_with_the_same_older_index_at_once_beside_what_a_killed_one_left() {
    let mut place = place_of(10);
    place.renewed();
    fs::write(place.cache().join(".0123.part"), "half").unwrap();
    place.write("src/file0.rs", b"pub fn zero() {}".to_vec());
    std::thread::scope(|scope| {
        let place = &place;
        (0..4).for_each(|_| drop(scope.spawn(|| place.renewed())));
    });
    assert_eq!(place.worn(), 2);
    compare(&place, 20_000);
    assert_eq!(place.indexes().len(), 3, "{:?}", place.indexes());
}

#[test]
fn older_indexes_do_not_pile_up() {
    let mut place = place_of(6);
    let abandoned = place.cache().join(".old.part");
    super::world::write(&abandoned, b"half");
    let other = place.cache().join("other.0.librarian-3.sqlite");
    super::world::write(&other, b"of another expert");
    let file = fs::File::options().write(true).open(&abandoned).unwrap();
    file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
    for round in 0..9 {
        place.write("src/file1.rs", format!("pub fn one{round}() {{}}").into());
        place.renewed();
    }
    let own = place.indexes().len() - 1;
    assert_eq!(own, 4, "{:?}", place.indexes());
    assert!(other.exists() && !abandoned.exists());
    let last = store::place(&place.cache(), &place.knowledge());
    assert!(Path::new(&last).exists());
}
