//! What the document says of a body and the server keeps: whole numbers with bounds, objects that are no lists.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};

/// A whole number from `LEAST` to `MOST`; any other is refused.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Within<const LEAST: u64, const MOST: u64>(u64);

impl<const LEAST: u64, const MOST: u64> Within<LEAST, MOST> {
    /// The number, where `T` holds all of them.
    pub fn to<T: TryFrom<u64>>(self) -> Option<T> {
        T::try_from(self.0).ok()
    }
}

impl<'de, const LEAST: u64, const MOST: u64> Deserialize<'de> for Within<LEAST, MOST> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match u64::deserialize(from)? {
            number if (LEAST..=MOST).contains(&number) => Ok(Self(number)),
            number => Err(D::Error::custom(format!(
                "{number} is not from {LEAST} to {MOST}"
            ))),
        }
    }
}

impl<const LEAST: u64, const MOST: u64> JsonSchema for Within<LEAST, MOST> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("From{LEAST}To{MOST}").into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": LEAST, "maximum": MOST })
    }
}

/// Reads a struct from an object alone: what serde derives would take a list of its fields, too.
pub(crate) fn object<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    from: D,
) -> Result<T, D::Error> {
    let fields = serde_json::Map::deserialize(from)?;
    T::deserialize(serde_json::Value::Object(fields)).map_err(D::Error::custom)
}

/// Snippets that a question or a message is given, at most.
pub(crate) const SNIPPETS: usize = 16;

/// Reads the names of snippets: not more than [`SNIPPETS`], since each is a text of its own.
pub(crate) fn snippets<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let names = Vec::<String>::deserialize(from)?;
    match names.len() {
        0..=SNIPPETS => Ok(names),
        many => Err(D::Error::custom(format!(
            "{many} snippets are more than {SNIPPETS}"
        ))),
    }
}
