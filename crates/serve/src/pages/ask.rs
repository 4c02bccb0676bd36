//! A box to ask.

use maud::html;

use super::{Look, Made};
use crate::caller::Scope;
use crate::problem::{Problem, ProblemKind};
use crate::secret;

pub(super) async fn page(look: Look) -> Result<Made, Problem> {
    look.caller.may(Scope::Ask)?;
    let named = look.query.strip_prefix("flake=").unwrap_or_default();
    // Sent twice, as by two clicks, it asks once.
    let once = secret::fresh().map_err(|error| {
        let repair = "see that /dev/urandom can be read";
        Problem::new(ProblemKind::Broken, &error.to_string(), repair)
    })?;
    Ok(Made {
        title: "Ask".into(),
        place: "/ask",
        live: None,
        content: html! {
            h1 { "Ask the experts" }
            form data-post="/v1/runs" data-then="/runs/" data-once=(once) {
                label for="flake" { "Flake" }
                select #flake name="flake" {
                    @for flake in &look.server.flakes {
                        option value=(flake.name) selected[flake.name == named] { (flake.name) }
                    }
                }
                label for="request" { "What is wanted" }
                textarea #request name="request" required maxlength="262144" {}
                label for="backend" { "Who thinks" }
                select #backend name="backends.all" {
                    option value="" { "as the flakes declare" }
                    option value="librarian" { "librarian: no model, at once" }
                }
                button type="submit" { "Ask" }
                p #said role="status" {}
            }
            noscript { p.soft { "To ask from here takes a script; " code { "poag ask" } " takes none." } }
        },
    })
}
