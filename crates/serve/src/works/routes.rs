//! What is offered about works and tasks.

use crate::api::{Api, Doc};
use crate::caller::Scope;

use super::change::{abandon, abort, land, pause, resume, retry, review, rollback, say, start};
use super::look::{audit, diff, events, inbox, list, one, page};
use super::tasks::{ask, claim, done, fail, log, ready, release, renew};
use super::whole::{self, claim_first, nod, report, rest};

/// All of it.
pub(crate) fn offered(api: Api) -> Api {
    of_tasks(of_works(api))
}

const fn work(id: &'static str, path: &'static str, summary: &'static str) -> Doc {
    Doc {
        id,
        path,
        summary,
        scope: Scope::Work,
    }
}

const fn read(id: &'static str, path: &'static str, summary: &'static str) -> Doc {
    Doc {
        scope: Scope::Read,
        ..work(id, path, summary)
    }
}

/// Works, and what persons do to them.
fn of_works(api: Api) -> Api {
    let either = [
        ("application/json", "The events so far, in order."),
        ("text/event-stream", "Server-Sent Events, as of a run."),
    ];
    let patch = [("text/x-diff", "What was changed, as git shows it.")];
    let html = [("text/html", "A page that needs nothing else.")];
    api.get(
        read("listWorks", "/v1/works", "Lists works, the newest first."),
        list,
    )
    .post(
        work(
            "startWork",
            "/v1/works",
            "Begins to carry a plan out; the work goes on by itself.",
        ),
        202,
        start,
    )
    .get(
        read(
            "getWork",
            "/v1/works/{work}",
            "Shows where each task stands, and what needs a person.",
        ),
        one,
    )
    .get_raw(
        read(
            "getWorkEvents",
            "/v1/works/{work}/events",
            "Gives the events of a work: those so far, or as they happen.",
        ),
        &either,
        events,
    )
    .get_raw(
        read(
            "getWorkDiff",
            "/v1/works/{work}/diff",
            "Shows what was changed so far.",
        ),
        &patch,
        diff,
    )
    .get_raw(
        read(
            "getWorkPage",
            "/v1/works/{work}/page",
            "Gives one HTML page about the work, for a review.",
        ),
        &html,
        page,
    )
    .get(
        read(
            "auditWork",
            "/v1/works/{work}/audit",
            "Tells what became of every branch of the work.",
        ),
        audit,
    )
    .post(
        work(
            "sayToTask",
            "/v1/works/{work}/say",
            "Says something to who does a task, or answers what it asks.",
        ),
        200,
        say,
    )
    .post(
        work(
            "reviewTask",
            "/v1/works/{work}/review",
            "Approves what a task changed, objects to it, or remarks on it.",
        ),
        200,
        review,
    )
    .post(
        work(
            "retryTask",
            "/v1/works/{work}/retry",
            "Lets a task be tried again, or a finished one be done anew.",
        ),
        200,
        retry,
    )
    .post(
        work(
            "abandonTask",
            "/v1/works/{work}/abandon",
            "Leaves a task out.",
        ),
        200,
        abandon,
    )
    .post(
        work(
            "pauseWork",
            "/v1/works/{work}/pause",
            "Lets no further attempt begin.",
        ),
        200,
        pause,
    )
    .post(
        work(
            "resumeWork",
            "/v1/works/{work}/resume",
            "Goes on, with a changed policy where one is given.",
        ),
        200,
        resume,
    )
    .post(
        work(
            "abortWork",
            "/v1/works/{work}/abort",
            "Ends everything; nothing that was written is lost.",
        ),
        200,
        abort,
    )
    .post(
        work(
            "landWork",
            "/v1/works/{work}/land",
            "Moves a person's branch to what was done.",
        ),
        200,
        land,
    )
    .post(
        work(
            "rollbackWork",
            "/v1/works/{work}/rollback",
            "Takes a landing back.",
        ),
        200,
        rollback,
    )
    .get(
        read(
            "waitForWork",
            "/v1/works/{work}/wait",
            "Tells how a work stands once nobody lets it go on, or the time is over.",
        ),
        rest,
    )
    .get(
        read(
            "getWorkReport",
            "/v1/works/{work}/report",
            "Gives the page about the work, with its checks as JUnit and its objections as SARIF.",
        ),
        report,
    )
    .post(
        work(
            "nodToMilestone",
            "/v1/works/{work}/nod",
            "Agrees that a milestone is reached, so that the next one begins.",
        ),
        200,
        nod,
    )
    .get(
        read("getInbox", "/v1/inbox", "Tells what waits for a person."),
        inbox,
    )
}

/// Tasks, for whoever does them.
fn of_tasks(api: Api) -> Api {
    let record = [("application/json", "As `poag task show` prints it.")];
    api.get_raw(
        read(
            "getTask",
            "/v1/works/{work}/tasks/{task}",
            "Shows a task, with all that is known of it.",
        ),
        &record,
        whole::record,
    )
    .post(
        work(
            "claimFirst",
            "/v1/works/{work}/claim",
            "Claims the first task that is ready and that the actor can do, and begins an attempt at it.",
        ),
        200,
        claim_first,
    )
    .post(
        work(
            "renewLease",
            "/v1/works/{work}/renew",
            "Makes a lease on any of its tasks last longer.",
        ),
        200,
        whole::renew,
    )
    .get(
        read(
            "listReadyTasks",
            "/v1/tasks/ready",
            "Lists the tasks that can be claimed now.",
        ),
        ready,
    )
    .post(
        work(
            "claimTask",
            "/v1/tasks/{task}/claim",
            "Claims a task, and begins an attempt at it.",
        ),
        200,
        claim,
    )
    .post(
        work(
            "renewTask",
            "/v1/tasks/{task}/renew",
            "Makes a lease last longer.",
        ),
        200,
        renew,
    )
    .post(
        work(
            "releaseTask",
            "/v1/tasks/{task}/release",
            "Gives a task back.",
        ),
        200,
        release,
    )
    .post(
        work(
            "logTask",
            "/v1/tasks/{task}/log",
            "Tells what is being done.",
        ),
        200,
        log,
    )
    .post(
        work(
            "doneTask",
            "/v1/tasks/{task}/done",
            "Says that a task is done; that is proven before it counts.",
        ),
        200,
        done,
    )
    .post(
        work(
            "failTask",
            "/v1/tasks/{task}/fail",
            "Says that an attempt came to nothing.",
        ),
        200,
        fail,
    )
    .post(
        work(
            "askAboutTask",
            "/v1/tasks/{task}/ask",
            "Asks a person; the lease ends.",
        ),
        200,
        ask,
    )
}
