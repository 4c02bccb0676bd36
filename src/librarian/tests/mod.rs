//! The librarian on small real repositories of different languages and themes.

mod advice;
mod answers;
mod change;
mod council;
mod hostile;
mod property;
mod recalled;
mod renewed;
mod routing;
mod shelf;
mod themes;
mod usage;
mod world;
