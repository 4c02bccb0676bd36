//! Work of the engine on a thread of its own, for callers that must not wait for it.

use tokio::runtime::Builder;
use tokio::sync::oneshot;

use super::EngineError;

/// Does some work on a thread and an asynchronous runtime of its own: a server answers others meanwhile, though the
/// work opens files, reads indexes and holds what cannot move between threads. Dropping the future stops the work.
///
/// # Errors
/// When the thread cannot be started or the work panics; its own errors as they are.
pub async fn on_own_thread<T, E>(
    work: impl AsyncFnOnce() -> Result<T, E> + Send + 'static,
) -> Result<T, E>
where
    T: Send + 'static,
    E: From<EngineError> + Send + 'static,
{
    // Dropped together with the future, and the work stops.
    let (_stop, stopped) = oneshot::channel::<()>();
    let (tell, told) = oneshot::channel();
    let body = move || {
        let runtime = match Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(source) => return drop(tell.send(Err(EngineError::Thread(source).into()))),
        };
        let done = runtime.block_on(async {
            tokio::select! {
                done = work() => Some(done),
                _ = stopped => None,
            }
        });
        runtime.shutdown_background();
        if let Some(done) = done {
            // Where the future was dropped in this moment, nobody wants it any more.
            let _ = tell.send(done);
        }
    };
    let thread = std::thread::Builder::new().name("engine".into());
    match thread.spawn(body) {
        Ok(_) => told
            .await
            .unwrap_or_else(|_| Err(EngineError::Broken.into())),
        Err(source) => Err(EngineError::Thread(source).into()),
    }
}
