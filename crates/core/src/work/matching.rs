//! Who may take which task: hard requirements first, then the better of those that are left.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Actor, Board, TaskRecord, Trust};

/// Why an actor cannot take a task.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Unfit {
    /// It lacks skills or tools that the task must have.
    Skills(Vec<String>),
    /// It cannot read as much as the task needs, in tokens.
    Context {
        /// What it can read.
        has: u64,
        /// What the task needs.
        needs: u64,
    },
    /// It has as many leases as it may have.
    Busy(u32),
    /// The provider of its backend does not answer now.
    Provider(String),
}

impl std::fmt::Display for Unfit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Skills(missing) => write!(f, "lacks {}", missing.join(", ")),
            Self::Context { has, needs } => {
                write!(f, "can read {has} tokens, the task needs {needs}")
            }
            Self::Busy(capacity) => write!(f, "has {capacity} tasks already"),
            Self::Provider(backend) => write!(f, "the provider of {backend} does not answer now"),
        }
    }
}

impl Unfit {
    /// Whether waiting can help.
    #[must_use]
    pub fn passes(&self) -> bool {
        matches!(self, Self::Busy(_) | Self::Provider(_))
    }
}

/// What an actor did before, over all works.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct TrackRecord {
    /// Tasks of it that landed and stayed.
    pub landed: u32,
    /// Tasks of it that were taken back.
    pub reverted: u32,
    /// Attempts of it that came to nothing.
    pub failed: u32,
}

/// Tasks that must have landed without a revert before an actor is trusted.
pub const VERIFIED_AFTER: u32 = 5;

impl TrackRecord {
    /// What it earns: verified after [`VERIFIED_AFTER`] tasks that stayed, lost by a revert.
    #[must_use]
    pub fn trust(&self) -> Trust {
        match self.reverted == 0 && self.landed >= VERIFIED_AFTER {
            true => Trust::Verified,
            false => Trust::Provisional,
        }
    }
}

/// An actor's offer for a task.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Bid {
    /// Who.
    pub actor: String,
    /// Whether it can do it.
    pub can: bool,
    /// How sure it is, from 0 to 100.
    #[schemars(range(max = 100))]
    pub confidence: u8,
    /// What it would cost, in US dollars.
    pub usd: f64,
    /// Why, in words.
    #[serde(default)]
    pub reason: String,
}

/// The best of some bids: who can, most sure first, then cheapest, then by name.
#[must_use]
pub fn best_bid(bids: &[Bid]) -> Option<&Bid> {
    let can = bids.iter().filter(|bid| bid.can);
    can.min_by(|one, other| {
        (other.confidence.cmp(&one.confidence))
            .then(one.usd.total_cmp(&other.usd))
            .then(one.actor.cmp(&other.actor))
    })
}

/// Nobody can do a task: each actor with its reason.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Nobody(pub Vec<(String, Unfit)>);

impl Nobody {
    /// Whether waiting can help.
    #[must_use]
    pub fn passes(&self) -> bool {
        self.0.iter().any(|(_, unfit)| unfit.passes())
    }
}

impl std::fmt::Display for Nobody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0.is_empty() {
            return f.write_str("nobody can do this: the work has no actors");
        }
        let each: Vec<String> = self
            .0
            .iter()
            .map(|(actor, unfit)| format!("{actor} {unfit}"))
            .collect();
        write!(f, "nobody can do this: {}", each.join("; "))
    }
}

impl Board {
    /// Why an actor cannot take a task that needs so many tokens of context.
    ///
    /// # Errors
    /// With the first reason.
    pub fn fits(
        &self,
        actor: &Actor,
        record: &TaskRecord,
        tokens: u64,
        now: i64,
    ) -> Result<(), Unfit> {
        let task = &record.task;
        if !actor.skills.contains("*") {
            let needs = task.requires_skills.iter().chain(&task.tools_required);
            let missing: Vec<String> = needs
                .filter(|skill| !actor.skills.contains(*skill))
                .cloned()
                .collect();
            if !missing.is_empty() {
                return Err(Unfit::Skills(missing));
            }
        }
        if let Some(has) = actor.context_tokens.filter(|has| *has < tokens) {
            return Err(Unfit::Context { has, needs: tokens });
        }
        let health = self.providers.get(&actor.backend);
        if health.is_some_and(|health| !health.may_ask(now)) {
            return Err(Unfit::Provider(actor.backend.clone()));
        }
        if self.held_by(&actor.name) >= actor.capacity as usize {
            return Err(Unfit::Busy(actor.capacity));
        }
        Ok(())
    }

    /// Who could take a task that needs so many tokens of context, and who not with its reason.
    #[must_use]
    pub fn fitting(
        &self,
        record: &TaskRecord,
        tokens: u64,
        now: i64,
    ) -> (Vec<&Actor>, Vec<(String, Unfit)>) {
        let mut unfit = Vec::new();
        let mut fit = Vec::new();
        for actor in &self.start.actors {
            match self.fits(actor, record, tokens, now) {
                Ok(()) => fit.push(actor),
                Err(why) => unfit.push((actor.name.clone(), why)),
            }
        }
        (fit, unfit)
    }

    /// Who takes a task: of those that fit, the owner of the flake first, then by soft skills, room, trust and what they
    /// did before, then by name.
    ///
    /// # Errors
    /// When nobody fits, with each one's reason.
    pub fn best(
        &self,
        record: &TaskRecord,
        tokens: u64,
        now: i64,
        track: impl Fn(&str) -> TrackRecord,
    ) -> Result<&Actor, Nobody> {
        let (fit, unfit) = self.fitting(record, tokens, now);
        let rank = |actor: &Actor| {
            let past = track(&actor.name);
            let soft = record.task.prefers_skills.iter();
            let soft = soft.filter(|skill| actor.skills.contains(*skill)).count();
            let free = (actor.capacity as usize).saturating_sub(self.held_by(&actor.name));
            // An owner of this flake before one of none in particular, before one of another.
            let owner = match (
                actor.experts.contains(&record.task.expert),
                actor.experts.len(),
            ) {
                (true, _) => 2,
                (false, 0) => 1,
                (false, _) => 0,
            };
            let trust = actor.trust.max(past.trust());
            (
                owner,
                soft,
                free,
                trust,
                i64::from(past.landed) - i64::from(past.failed),
            )
        };
        let best = fit.into_iter().max_by(|one, other| {
            let by_name = other.name.cmp(&one.name);
            rank(one).cmp(&rank(other)).then(by_name)
        });
        best.ok_or(Nobody(unfit))
    }
}
