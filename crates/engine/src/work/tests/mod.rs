//! Works on real repositories, by actors of the test.

mod leases;
mod merging;
mod notices;
mod races;
mod rules;
mod stage;
mod supervising;
