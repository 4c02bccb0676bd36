//! Work on a thread of its own: done beside the caller, and stopped with the future.

use std::time::Duration;

use poag::engine::{EngineError, on_own_thread};
use tokio::sync::oneshot;

#[tokio::test]
async fn work_on_a_thread_of_its_own_gives_its_result_or_its_error() {
    let here = std::thread::current().id();
    let there = on_own_thread(async || Ok::<_, EngineError>(std::thread::current().id())).await;
    assert_ne!(there.unwrap(), here);
    let error = on_own_thread(async || Err::<(), _>(EngineError::NoProgram)).await;
    assert!(matches!(error, Err(EngineError::NoProgram)));
    let broken = on_own_thread(async || -> Result<(), EngineError> { panic!("on purpose") }).await;
    assert!(matches!(broken, Err(EngineError::Broken)));
}

#[tokio::test]
async fn work_whose_future_is_dropped_stops() {
    /// Says that it was dropped.
    struct Guard(Option<oneshot::Sender<()>>);
    impl Drop for Guard {
        fn drop(&mut self) {
            let _ = self.0.take().unwrap().send(());
        }
    }
    let (begun, begins) = oneshot::channel();
    let (dropped, drops) = oneshot::channel();
    let work = on_own_thread(async move || -> Result<(), EngineError> {
        let _guard = Guard(Some(dropped));
        begun.send(()).unwrap();
        std::future::pending().await
    });
    tokio::select! {
        done = work => panic!("{done:?}"),
        begun = begins => begun.unwrap(),
    }
    let waited = tokio::time::timeout(Duration::from_secs(10), drops).await;
    waited.unwrap().unwrap();
}
