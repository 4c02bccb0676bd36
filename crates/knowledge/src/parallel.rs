//! Work on many items with all processors, results in the order of the items.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Items that one thread takes at a time.
const CHUNK: usize = 8;

/// `work` of every item, in order. Few items are done on the calling thread.
pub fn map<T, R, F>(items: &[T], work: F) -> impl Iterator<Item = R> + use<T, R, F>
where
    T: Sync,
    R: Send,
    F: Fn(&T) -> R + Sync,
{
    by(CHUNK, items, work)
}

/// The same where each item is work enough for a thread of its own.
pub fn each<T, R, F>(items: &[T], work: F) -> impl Iterator<Item = R> + use<T, R, F>
where
    T: Sync,
    R: Send,
    F: Fn(&T) -> R + Sync,
{
    by(1, items, work)
}

fn by<T, R, F>(size: usize, items: &[T], work: F) -> impl Iterator<Item = R> + use<T, R, F>
where
    T: Sync,
    R: Send,
    F: Fn(&T) -> R + Sync,
{
    let chunks: Vec<&[T]> = items.chunks(size).collect();
    let threads = threads().min(chunks.len());
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, Vec<R>)>> = Mutex::new(Vec::with_capacity(chunks.len()));
    let run = || {
        while let at = next.fetch_add(1, Ordering::Relaxed)
            && let Some(chunk) = chunks.get(at)
        {
            let results = chunk.iter().map(&work).collect();
            done.lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner)
                .push((at, results));
        }
    };
    // A scope passes a panic of any of its threads on.
    thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(run);
        }
        run();
    });
    let mut done = done
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().flat_map(|(_, results)| results)
}

#[cfg(not(test))]
fn threads() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

#[cfg(test)]
thread_local! {
    static THREADS: std::cell::Cell<Option<usize>> = const { std::cell::Cell::new(None) };
}

#[cfg(test)]
fn threads() -> usize {
    let all = || thread::available_parallelism().map_or(1, usize::from);
    THREADS.get().unwrap_or_else(all)
}

/// Does something as on a machine with so many processors.
#[cfg(test)]
pub fn with_threads<R>(threads: usize, work: impl FnOnce() -> R) -> R {
    THREADS.set(Some(threads));
    let result = work();
    THREADS.set(None);
    result
}

#[cfg(test)]
mod tests {
    #[test]
    fn results_come_in_the_order_of_the_items_however_many_there_are() {
        for count in [0, 1, 7, 8, 9, 1000] {
            let items: Vec<usize> = (0..count).collect();
            let doubled: Vec<usize> = super::map(&items, |item| item * 2).collect();
            assert_eq!(
                super::each(&items, |item| item * 2).collect::<Vec<_>>(),
                doubled
            );
            assert_eq!(
                doubled,
                items.iter().map(|item| item * 2).collect::<Vec<_>>()
            );
        }
    }
}
