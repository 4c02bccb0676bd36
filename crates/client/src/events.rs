//! What happens at a server, as it happens: a connection that was lost is made again, and goes on after the last event.

use std::collections::VecDeque;
use std::time::Duration;

use reqwest::{Response, StatusCode};

use crate::call::ServerCall;
use crate::error::ClientError;
use crate::frames::{Frames, ServerEvent};

/// How often in a row a lost connection is tried to be made again.
const TRIES: u32 = 10;
/// How long to wait before, where the server does not say.
const WAIT: Duration = Duration::from_secs(1);
/// The longest wait that a server may ask for.
const LONGEST: Duration = Duration::from_secs(30);

/// Events, one after the other.
#[derive(Debug)]
pub struct ServerEvents {
    call: ServerCall,
    /// The number of the last one.
    after: u64,
    connection: Option<Response>,
    frames: Frames,
    ready: VecDeque<ServerEvent>,
    wait: Duration,
    /// Connections in a row that gave nothing.
    failed: u32,
    /// The server stops: it is given time before it is asked again.
    pause: bool,
    over: bool,
}

impl ServerEvents {
    pub(crate) fn new(call: ServerCall, after: u64) -> Self {
        Self {
            call,
            after,
            connection: None,
            frames: Frames::default(),
            ready: VecDeque::new(),
            wait: WAIT,
            failed: 0,
            pause: false,
            over: false,
        }
    }

    /// The next event; none when the server says that no more will come. A `gap` tells of numbers that are gone. Dropping
    /// what waits for it loses no event.
    ///
    /// # Errors
    /// When the server does not tell them, or cannot be reached for a while.
    pub async fn next(&mut self) -> Result<Option<ServerEvent>, ClientError> {
        loop {
            while let Some(event) = self.ready.pop_front() {
                if let Some(event) = self.told(event)? {
                    return Ok(Some(event));
                }
            }
            if self.over {
                return Ok(None);
            }
            if std::mem::take(&mut self.pause) {
                self.lost(None).await?;
            }
            let Some(connection) = &mut self.connection else {
                self.connect().await?;
                continue;
            };
            match connection.chunk().await {
                Ok(Some(bytes)) => {
                    if !self.frames.take_in(&bytes) {
                        return Err(self.call.client.unreadable("an event without end"));
                    }
                    self.ready.extend(std::iter::from_fn(|| self.frames.next()));
                    if let Some(millis) = self.frames.retry.take() {
                        self.wait = Duration::from_millis(millis).min(LONGEST);
                    }
                }
                Ok(None) => self.lost(None).await?,
                Err(error) => self.lost(Some(error)).await?,
            }
        }
    }

    /// An event that is one for the caller.
    fn told(&mut self, event: ServerEvent) -> Result<Option<ServerEvent>, ClientError> {
        match event.kind.as_str() {
            "end" => self.over = true,
            // It may be started again.
            "stopping" => self.pause = true,
            "failed" => return Err(self.call.client.unreadable(event.data)),
            _ => {
                self.failed = 0;
                self.after = event.number.unwrap_or(self.after);
                return Ok(Some(event));
            }
        }
        Ok(None)
    }

    async fn connect(&mut self) -> Result<(), ClientError> {
        let mut request = self.call.request("text/event-stream");
        if self.after > 0 {
            request = request.header("last-event-id", self.after);
        }
        self.frames = Frames::default();
        match self.call.done(request).await {
            Ok(response) if response.status() == StatusCode::NO_CONTENT => self.over = true,
            Ok(response) => self.connection = Some(response),
            Err(ClientError::Unreachable { source, .. }) => self.lost(Some(source)).await?,
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Waits before the connection is made again.
    async fn lost(&mut self, why: Option<reqwest::Error>) -> Result<(), ClientError> {
        self.connection = None;
        self.failed += 1;
        if self.failed > TRIES {
            return Err(match why {
                Some(source) => self.call.client.unreachable(source),
                None => self.call.client.unreadable("it ends each time it is asked"),
            });
        }
        tokio::time::sleep(self.wait).await;
        Ok(())
    }
}
