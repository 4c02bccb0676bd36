//! Tests that run twice: once on this machine, once through a server that does the same.

/// Makes two tests of each of these: one where all is done on this machine, one where a server does it.
macro_rules! both_ways {
    ($($test:ident),+ $(,)?) => {
        mod on_this_machine {
            $(#[test] fn $test() { super::$test(); })+
        }
        mod through_a_server {
            $(#[test] fn $test() { crate::harness::served::through_a_server(super::$test); })+
        }
    };
}
