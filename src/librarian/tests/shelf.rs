//! Indexes on disk: built once, shared, rebuilt when damaged.

use std::path::PathBuf;
use std::time::SystemTime;

use super::themes::world;
use super::world::World;

fn indexes(world: &World) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(world.cache())
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    found.sort();
    found
}

fn written(world: &World) -> SystemTime {
    std::fs::metadata(&indexes(world)[0])
        .unwrap()
        .modified()
        .unwrap()
}

#[test]
fn an_index_is_built_once_and_leaves_nothing_else_behind() {
    let world = world();
    let first = world.ask("notes", "How long does a session last?");
    let before = written(&world);
    let second = world.ask("notes", "How long does a session last?");
    assert_eq!(indexes(&world).len(), 1, "{:?}", indexes(&world));
    assert_eq!(written(&world), before);
    assert_eq!(first, second);
}

#[test]
fn a_damaged_index_is_built_again() {
    let world = world();
    let request = "How long does a session last?";
    let whole = world.ask("notes", request);
    let place = indexes(&world)[0].clone();
    let good = std::fs::read(&place).unwrap();
    let mut scrambled = good.clone();
    for (at, byte) in scrambled.iter_mut().enumerate().skip(4096) {
        *byte = u8::try_from(at * 7 % 251).unwrap();
    }
    for damage in [
        b"not a database at all".to_vec(),
        good[..good.len() / 2].to_vec(),
        Vec::new(),
        scrambled,
    ] {
        std::fs::write(&place, damage).unwrap();
        assert_eq!(world.ask("notes", request), whole);
    }
}

#[test]
fn many_may_build_the_same_index_at_once() {
    let world = world();
    let results: Vec<_> = std::thread::scope(|scope| {
        let world = &world;
        let threads: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| world.ask("datelet", "What does weekdayName return?")))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert!(results.windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!(indexes(&world).len(), 1, "{:?}", indexes(&world));
}

#[test]
fn a_cache_that_cannot_be_written_is_an_error_with_its_repair() {
    let world = world();
    std::fs::write(world.cache(), "a file where a folder should be").unwrap();
    let input = serde_json::to_value(world.input("notes", "anything")).unwrap();
    let error = super::world::take(&world.librarian(), "notes", input)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("repair: make the folder writable"),
        "{error}"
    );
}
