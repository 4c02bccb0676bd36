//! A run that another process drives, followed by what it writes down.

use super::history::RunEvent;
use super::participant::Observer;
use crate::run::error::CouncilError;
use poag_core::council::event::Event;
use poag_core::council::machine::Council;
use poag_core::expert::Graph;

/// A council that goes on elsewhere. Whoever observes it hears what they would hear where it is driven, but for turns that
/// ended too late, of which nothing is written down.
pub struct FollowedRun<'g> {
    graph: &'g Graph,
    council: Option<Council<'g>>,
    /// Messages that were told.
    seen: usize,
}

impl<'g> FollowedRun<'g> {
    /// A run of which nothing is known yet, on the graph that it began with.
    #[must_use]
    pub fn new(graph: &'g Graph) -> Self {
        Self {
            graph,
            council: None,
            seen: 0,
        }
    }

    /// Takes in events that happened before anybody observed it. It goes on after them.
    ///
    /// # Errors
    /// When one does not fit those before it.
    pub fn catch_up(
        &mut self,
        events: &[RunEvent],
        observer: &mut dyn Observer,
    ) -> Result<(), CouncilError> {
        for event in events {
            self.take_in(event, &mut ())?;
        }
        if let Some(council) = &self.council {
            observer.begun(council.started(), true);
        }
        Ok(())
    }

    /// Takes in the next event, and tells it.
    ///
    /// # Errors
    /// When it does not fit those before it.
    pub fn take_in(
        &mut self,
        event: &RunEvent,
        observer: &mut dyn Observer,
    ) -> Result<(), CouncilError> {
        let Some(council) = &mut self.council else {
            let Event::RunStarted(started) = &event.event else {
                let problem = "the run does not begin with its start".into();
                return Err(super::history::replay_error("?", event.seq, problem));
            };
            observer.begun(started, false);
            let council = Council::new(self.graph, (**started).clone());
            // What the person says was said before it began.
            self.seen = council.messages().len();
            self.council = Some(council);
            return Ok(());
        };
        council.apply(&event.event).map_err(|refused| {
            let run = &council.started().run;
            super::history::replay_error(run, event.seq, refused.to_string())
        })?;
        observer.event(&event.event);
        for message in council.messages().iter().skip(self.seen) {
            observer.message(message);
        }
        self.seen = council.messages().len();
        Ok(())
    }
}
