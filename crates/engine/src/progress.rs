//! Who hears of what goes on beside the result.

/// Hears of what takes time, and of what a person should know.
pub trait Progress: Send + Sync {
    /// Something begins that may take a while; it has ended when the returned value is dropped.
    fn begin(&self, what: String) -> Box<dyn Send>;

    /// Something that a person should know, and that stops nothing: one line, or more.
    fn note(&self, text: String);
}

/// Nobody hears of it.
impl Progress for () {
    fn begin(&self, _what: String) -> Box<dyn Send> {
        Box::new(())
    }

    fn note(&self, _text: String) {}
}
