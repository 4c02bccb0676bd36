#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    if let Some((text, wanted)) = poag_fuzz::lock(data) {
        let read: serde_json::Value = toml::from_str(&text).expect("TOML");
        assert_eq!(read, wanted, "{text}");
    }
});
