//! Works on real repositories, by actors of the test.

mod leases;
mod races;
mod stage;
mod supervising;
