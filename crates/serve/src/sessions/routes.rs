//! What is offered about sessions.

use super::look::{list, log, out, status, wait};
use super::talk::{control, open, say};
use crate::api::{Api, Doc};
use crate::caller::Scope;

const fn read(id: &'static str, path: &'static str, summary: &'static str) -> Doc {
    Doc {
        id,
        path,
        summary,
        scope: Scope::Read,
    }
}

const fn ask(id: &'static str, path: &'static str, summary: &'static str) -> Doc {
    Doc {
        scope: Scope::Ask,
        ..read(id, path, summary)
    }
}

/// All of it.
pub(crate) fn offered(api: Api) -> Api {
    api.get(
        read(
            "listSessions",
            "/v1/sessions",
            "Lists sessions, the newest first.",
        ),
        list,
    )
    .post(
        ask(
            "openSession",
            "/v1/sessions",
            "Opens a conversation with one expert; nothing is said yet.",
        ),
        201,
        open,
    )
    .get(
        read(
            "getSession",
            "/v1/sessions/{session}",
            "Tells how a session stands.",
        ),
        status,
    )
    .post(
        ask(
            "sayInSession",
            "/v1/sessions/{session}/in",
            "Says something to the expert; the message is taken at once, and answered after those before it.",
        ),
        202,
        say,
    )
    .get(
        read(
            "getSessionOutput",
            "/v1/sessions/{session}/out",
            "Gives the last output, which stays until the next one takes its place.",
        ),
        out,
    )
    .get(
        read(
            "getSessionStatus",
            "/v1/sessions/{session}/status",
            "Tells how a session stands, at once.",
        ),
        status,
    )
    .get(
        read(
            "waitForSession",
            "/v1/sessions/{session}/wait",
            "Tells how a session stands once that has changed, or the time is over.",
        ),
        wait,
    )
    .get(
        read(
            "getSessionLog",
            "/v1/sessions/{session}/log",
            "Gives all that was said.",
        ),
        log,
    )
    .post(
        ask(
            "controlSession",
            "/v1/sessions/{session}/ctl",
            "Interrupts, compacts or closes a session.",
        ),
        200,
        control,
    )
}
