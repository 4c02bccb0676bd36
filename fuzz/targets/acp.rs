#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| poag_fuzz::acp(data));
