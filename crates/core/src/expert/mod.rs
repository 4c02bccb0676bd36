//! Experts as their flakes declare them, and the graph they form. Pure: plain data in and out.

pub mod border;
mod declaration;
mod file_role;
mod graph;
mod place;
mod work;

pub use declaration::{
    AgentSettings, Contract, ContractChange, CouncilSettings, Expert, FileChanges, Freshness,
    Knowledge, Linked, LinkedFile, Location, Neighbor, PACK_REST, PanelSettings, QuotaSettings,
    Status,
};
pub use file_role::FileRole;
pub use graph::{Graph, GraphError, SCHEMA};
pub use work::{
    ActorSettings, BudgetSettings, LandingConditions, LandingSettings, MilestoneSettings,
    PolicySettings, RecipientSettings, WorkSettings,
};
