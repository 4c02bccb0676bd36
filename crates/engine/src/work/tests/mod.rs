//! Works on real repositories, by actors of the test.

mod leases;
mod merging;
mod races;
mod stage;
mod supervising;
