//! Renders prompt templates: strict about variables, and within bounds whatever the template says.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tera::{Context, Kwargs, State, Tera, TeraResult, Value};

use super::error::PackError;
use super::sandbox::{TICK, confine};
use poag_core::suggest::nearest;

/// The template of experts that bring none.
pub const DEFAULT: &str = include_str!("../../../../templates/expert.md.tera");

/// Bytes of a template.
const MAX_TEMPLATE: usize = 256 << 10;
/// Bytes of what a template renders to, and of what one filter may make.
const MAX_OUTPUT: usize = 16 << 20;
/// Turns of all loops together.
const MAX_TURNS: usize = 200_000;
const NAME: &str = "expert.md.tera";
/// Filters that multiply their input, again with each use; nothing in a Markdown prompt needs them.
const REMOVED: &[&str] = &[
    "replace",
    "indent",
    "escape",
    "escape_html",
    "escape_xml",
    "newlines_to_br",
];

/// A template that may be rendered many times.
pub(super) struct Template {
    expert: String,
    tera: Tera,
    turns: Arc<AtomicUsize>,
}

impl Template {
    /// Parses the template of an expert and checks that it uses only `known` variables.
    pub fn new(expert: &str, source: &str, known: &[&str]) -> Result<Self, PackError> {
        let failed = |reason: String| PackError::Template {
            expert: expert.to_owned(),
            reason,
        };
        if source.len() > MAX_TEMPLATE {
            return Err(failed(format!("it is longer than {MAX_TEMPLATE} bytes")));
        }
        let confined = confine(source).map_err(|construct| PackError::Construct {
            expert: expert.to_owned(),
            construct,
        })?;
        let turns = Arc::new(AtomicUsize::new(0));
        let mut tera = Tera::new();
        tera.autoescape_on(Vec::<&'static str>::new());
        restrict(&mut tera, &turns);
        tera.add_raw_template(NAME, &confined)
            .map_err(|error| failed(report(&error)))?;
        let used: BTreeSet<&str> = tera
            .get_template_variables(NAME)
            .map_err(|error| failed(report(&error)))?
            .into_iter()
            .collect();
        if let Some(variable) = used.iter().find(|name| !known.contains(name)) {
            return Err(PackError::Variable {
                expert: expert.to_owned(),
                variable: (*variable).to_owned(),
                suggestion: nearest(variable, known.iter().copied())
                    .map(|near| format!(", did you mean '{near}'?"))
                    .unwrap_or_default(),
                known: known.join(", "),
            });
        }
        Ok(Self {
            expert: expert.to_owned(),
            tera,
            turns,
        })
    }

    /// Renders it once.
    pub fn render(&self, context: &Context) -> Result<String, PackError> {
        self.turns.store(0, Ordering::Relaxed);
        let mut page = BoundedOutput(Vec::new());
        let failed = |reason: String| PackError::Template {
            expert: self.expert.clone(),
            reason,
        };
        self.tera
            .render_to(NAME, context, &mut page)
            .map_err(|error| match page.0.len() {
                MAX_OUTPUT.. => failed(format!("it renders to more than {MAX_OUTPUT} bytes")),
                _ => failed(report(&error)),
            })?;
        String::from_utf8(page.0).map_err(|error| failed(error.to_string()))
    }
}

/// Output that ends at [`MAX_OUTPUT`].
struct BoundedOutput(Vec<u8>);

impl Write for BoundedOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.extend_from_slice(bytes);
        if self.0.len() >= MAX_OUTPUT {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn restrict(tera: &mut Tera, turns: &Arc<AtomicUsize>) {
    let turns = Arc::clone(turns);
    tera.register_function(
        TICK,
        move |_: Kwargs, _: &State| -> TeraResult<&'static str> {
            if turns.fetch_add(1, Ordering::Relaxed) >= MAX_TURNS {
                return Err(tera::Error::message(format!(
                    "its loops take more than {MAX_TURNS} turns"
                )));
            }
            Ok("")
        },
    );
    for name in REMOVED {
        tera.register_filter(
            *name,
            |_: &Value, _: Kwargs, _: &State| -> TeraResult<Value> {
                Err(tera::Error::message(
                    "this filter is not available in prompt templates",
                ))
            },
        );
    }
    tera.register_filter(
        "join",
        |list: Vec<Value>, words: Kwargs, _: &State| -> TeraResult<String> {
            let between = words.get::<&str>("sep")?.unwrap_or("");
            let mut text = String::new();
            for (at, value) in list.iter().enumerate() {
                if at > 0 {
                    text.push_str(between);
                }
                text.push_str(&value.to_string());
                if text.len() > MAX_OUTPUT {
                    return Err(tera::Error::message(format!(
                        "`join` makes more than {MAX_OUTPUT} bytes"
                    )));
                }
            }
            Ok(text)
        },
    );
}

/// The engine's own words without its drawing of the source, which would repeat what was inserted.
fn report(error: &tera::Error) -> String {
    let text = match error.kind() {
        tera::ErrorKind::SyntaxError(report) | tera::ErrorKind::RenderingError(report) => {
            format!("{} (line {})", report.message(), report.span().start_line)
        }
        other => other.to_string(),
    };
    text.trim().to_owned()
}
