//! Works on real repositories, by actors of the test.

mod leases;
mod stage;
mod supervising;
