//! Auto-generated operation registry. Do not edit.
/// HTTP method for an operation
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum HttpMethod {
    Get,
    Post,
    Put,
    Patch,
    Delete,
    Head,
    Options,
    Trace,
    Connect,
    Query,
}
impl HttpMethod {
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Head => "HEAD",
            Self::Options => "OPTIONS",
            Self::Trace => "TRACE",
            Self::Connect => "CONNECT",
            Self::Query => "QUERY",
        }
    }
}
impl std::fmt::Display for HttpMethod {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
/// Where a parameter appears in the request
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum ParamLocation {
    Path,
    Query,
    Header,
}
/// Primitive type of a parameter (for validation and CLI parsing)
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum ParamType {
    String,
    Integer,
    Number,
    Boolean,
}
/// Content type for request bodies
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum BodyContentType {
    Json,
    FormUrlEncoded,
    Multipart,
    OctetStream,
    TextPlain,
}
/// Definition of an operation parameter.
///
/// Only `Serialize` is derived: this struct holds `&'static`
/// references to data baked into the binary, which cannot be
/// reconstructed by `Deserialize`.
#[derive(Debug, Clone, serde::Serialize)]
pub struct ParamDef {
    pub name: &'static str,
    pub location: ParamLocation,
    pub required: bool,
    pub param_type: ParamType,
    pub description: Option<&'static str>,
}
/// Definition of a request body.
///
/// `Serialize`-only for the same reason as [`ParamDef`].
#[derive(Debug, Clone, serde::Serialize)]
pub struct BodyDef {
    pub content_type: BodyContentType,
    /// Name of the schema type (for JSON/form bodies)
    pub schema_name: Option<&'static str>,
}
/// A single operation in the registry.
///
/// `Serialize`-only because of the `&'static` fields.
#[derive(Debug, Clone, serde::Serialize)]
pub struct OperationDef {
    /// Unique operation identifier (e.g. "repos/get", "issues/create-comment")
    pub id: &'static str,
    /// HTTP method
    pub method: HttpMethod,
    /// URL path template with {param} placeholders
    pub path: &'static str,
    /// Short summary for CLI help
    pub summary: Option<&'static str>,
    /// Longer description
    pub description: Option<&'static str>,
    /// Parameters (path, query, header)
    pub params: &'static [ParamDef],
    /// Request body definition
    pub body: Option<BodyDef>,
    /// Response schema name for the success (2xx) case
    pub response_schema: Option<&'static str>,
}
/// Look up an operation by ID
pub fn find_operation(id: &str) -> Option<&'static OperationDef> {
    OPERATIONS.iter().find(|op| op.id == id)
}
/// List all operation IDs
pub fn operation_ids() -> impl Iterator<Item = &'static str> {
    OPERATIONS.iter().map(|op| op.id)
}
static PARAMS_ABANDONTASK: [ParamDef; 1usize] = [
    ParamDef {
        name: "work",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its id."),
    },
];
static PARAMS_ABORTWORK: [ParamDef; 1usize] = [
    ParamDef {
        name: "work",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its id."),
    },
];
static PARAMS_ASK: [ParamDef; 1usize] = [
    ParamDef {
        name: "Idempotency-Key",
        location: ParamLocation::Header,
        required: false,
        param_type: ParamType::String,
        description: Some(
            "A key of your own: sent again with the same body, the same run is answered, and nothing is asked twice.",
        ),
    },
];
static PARAMS_ASKABOUTTASK: [ParamDef; 1usize] = [
    ParamDef {
        name: "task",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its name, unique in its work."),
    },
];
static PARAMS_AUDITWORK: [ParamDef; 1usize] = [
    ParamDef {
        name: "work",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its id."),
    },
];
static PARAMS_CANCELRUN: [ParamDef; 1usize] = [
    ParamDef {
        name: "run",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its id."),
    },
];
static PARAMS_CHOOSEINDEBATE: [ParamDef; 1usize] = [
    ParamDef {
        name: "run",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its id."),
    },
];
static PARAMS_CLAIMFIRST: [ParamDef; 1usize] = [
    ParamDef {
        name: "work",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its id."),
    },
];
static PARAMS_CLAIMTASK: [ParamDef; 1usize] = [
    ParamDef {
        name: "task",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its name, unique in its work."),
    },
];
static PARAMS_CONTROLSESSION: [ParamDef; 1usize] = [
    ParamDef {
        name: "session",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its id."),
    },
];
static PARAMS_DEBATE: [ParamDef; 1usize] = [
    ParamDef {
        name: "Idempotency-Key",
        location: ParamLocation::Header,
        required: false,
        param_type: ParamType::String,
        description: Some(
            "A key of your own: sent again with the same body, the same run is answered, and nothing is asked twice.",
        ),
    },
];
static PARAMS_DONETASK: [ParamDef; 1usize] = [
    ParamDef {
        name: "task",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its name, unique in its work."),
    },
];
static PARAMS_EXPORTRUN: [ParamDef; 1usize] = [
    ParamDef {
        name: "run",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its id."),
    },
];
static PARAMS_FAILTASK: [ParamDef; 1usize] = [
    ParamDef {
        name: "task",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its name, unique in its work."),
    },
];
static PARAMS_FOLLOWEVENTS: [ParamDef; 6usize] = [
    ParamDef {
        name: "flake",
        location: ParamLocation::Query,
        required: false,
        param_type: ParamType::String,
        description: Some("Of this served flake alone."),
    },
    ParamDef {
        name: "run",
        location: ParamLocation::Query,
        required: false,
        param_type: ParamType::String,
        description: Some("Of this run alone."),
    },
    ParamDef {
        name: "work",
        location: ParamLocation::Query,
        required: false,
        param_type: ParamType::String,
        description: Some("Of this work alone."),
    },
    ParamDef {
        name: "expert",
        location: ParamLocation::Query,
        required: false,
        param_type: ParamType::String,
        description: Some("About this expert alone."),
    },
    ParamDef {
        name: "after",
        location: ParamLocation::Query,
        required: false,
        param_type: ParamType::Integer,
        description: Some(
            "After the event of that number: as the header `Last-Event-ID`, which counts before it. Without either, from now on.",
        ),
    },
    ParamDef {
        name: "Last-Event-ID",
        location: ParamLocation::Header,
        required: false,
        param_type: ParamType::Integer,
        description: Some("The `id` of the last event that came: those after it follow."),
    },
];
static PARAMS_GETDEBATE: [ParamDef; 1usize] = [
    ParamDef {
        name: "run",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its id."),
    },
];
static PARAMS_GETEXPERT: [ParamDef; 2usize] = [
    ParamDef {
        name: "flake",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("The name of a served flake."),
    },
    ParamDef {
        name: "expert",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("The name of an expert of its graph."),
    },
];
static PARAMS_GETGRAPH: [ParamDef; 1usize] = [
    ParamDef {
        name: "flake",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("The name of a served flake."),
    },
];
static PARAMS_GETINBOX: [ParamDef; 0usize] = [];
static PARAMS_GETPACK: [ParamDef; 3usize] = [
    ParamDef {
        name: "flake",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("The name of a served flake."),
    },
    ParamDef {
        name: "expert",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("The name of an expert of its graph."),
    },
    ParamDef {
        name: "budget",
        location: ParamLocation::Query,
        required: false,
        param_type: ParamType::Integer,
        description: Some("Budget in tokens; without it, as the flake declares."),
    },
];
static PARAMS_GETPLAN: [ParamDef; 1usize] = [
    ParamDef {
        name: "run",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its id."),
    },
];
static PARAMS_GETRUN: [ParamDef; 1usize] = [
    ParamDef {
        name: "run",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its id."),
    },
];
static PARAMS_GETRUNEVENTS: [ParamDef; 3usize] = [
    ParamDef {
        name: "run",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its id."),
    },
    ParamDef {
        name: "after",
        location: ParamLocation::Query,
        required: false,
        param_type: ParamType::Integer,
        description: Some("After the event of that number."),
    },
    ParamDef {
        name: "Last-Event-ID",
        location: ParamLocation::Header,
        required: false,
        param_type: ParamType::Integer,
        description: Some("The `id` of the last event that came: those after it follow."),
    },
];
static PARAMS_GETSESSION: [ParamDef; 1usize] = [
    ParamDef {
        name: "session",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its id."),
    },
];
static PARAMS_GETSESSIONLOG: [ParamDef; 1usize] = [
    ParamDef {
        name: "session",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its id."),
    },
];
static PARAMS_GETSESSIONOUTPUT: [ParamDef; 1usize] = [
    ParamDef {
        name: "session",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its id."),
    },
];
static PARAMS_GETSESSIONSTATUS: [ParamDef; 1usize] = [
    ParamDef {
        name: "session",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its id."),
    },
];
static PARAMS_GETSNIPPET: [ParamDef; 1usize] = [
    ParamDef {
        name: "snippet",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its name."),
    },
];
static PARAMS_GETTASK: [ParamDef; 2usize] = [
    ParamDef {
        name: "work",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("The work's id."),
    },
    ParamDef {
        name: "task",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("The task's name."),
    },
];
static PARAMS_GETTURN: [ParamDef; 2usize] = [
    ParamDef {
        name: "run",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its id."),
    },
    ParamDef {
        name: "turn",
        location: ParamLocation::Query,
        required: true,
        param_type: ParamType::String,
        description: Some("The expert and the number of its turn: `hello-rs/2`."),
    },
];
static PARAMS_GETWORK: [ParamDef; 1usize] = [
    ParamDef {
        name: "work",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its id."),
    },
];
static PARAMS_GETWORKDIFF: [ParamDef; 2usize] = [
    ParamDef {
        name: "work",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its id."),
    },
    ParamDef {
        name: "task",
        location: ParamLocation::Query,
        required: false,
        param_type: ParamType::String,
        description: Some("Of this task alone, landed or not."),
    },
];
static PARAMS_GETWORKEVENTS: [ParamDef; 3usize] = [
    ParamDef {
        name: "work",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its id."),
    },
    ParamDef {
        name: "after",
        location: ParamLocation::Query,
        required: false,
        param_type: ParamType::Integer,
        description: Some("After the event of that number."),
    },
    ParamDef {
        name: "Last-Event-ID",
        location: ParamLocation::Header,
        required: false,
        param_type: ParamType::Integer,
        description: Some("The `id` of the last event that came: those after it follow."),
    },
];
static PARAMS_GETWORKPAGE: [ParamDef; 1usize] = [
    ParamDef {
        name: "work",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its id."),
    },
];
static PARAMS_GETWORKREPORT: [ParamDef; 1usize] = [
    ParamDef {
        name: "work",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its id."),
    },
];
static PARAMS_LANDWORK: [ParamDef; 1usize] = [
    ParamDef {
        name: "work",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its id."),
    },
];
static PARAMS_LISTEXPERTS: [ParamDef; 1usize] = [
    ParamDef {
        name: "flake",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("The name of a served flake."),
    },
];
static PARAMS_LISTFLAKES: [ParamDef; 0usize] = [];
static PARAMS_LISTREADYTASKS: [ParamDef; 1usize] = [
    ParamDef {
        name: "work",
        location: ParamLocation::Query,
        required: false,
        param_type: ParamType::String,
        description: Some("Of this work alone."),
    },
];
static PARAMS_LISTRUNS: [ParamDef; 4usize] = [
    ParamDef {
        name: "flake",
        location: ParamLocation::Query,
        required: false,
        param_type: ParamType::String,
        description: Some("Of this served flake alone."),
    },
    ParamDef {
        name: "state",
        location: ParamLocation::Query,
        required: false,
        param_type: ParamType::String,
        description: Some("Only those that have come so far."),
    },
    ParamDef {
        name: "before",
        location: ParamLocation::Query,
        required: false,
        param_type: ParamType::String,
        description: Some(
            "Only those that began before this run: the `next` of the page before.",
        ),
    },
    ParamDef {
        name: "limit",
        location: ParamLocation::Query,
        required: false,
        param_type: ParamType::Integer,
        description: Some("At most so many."),
    },
];
static PARAMS_LISTSESSIONS: [ParamDef; 3usize] = [
    ParamDef {
        name: "flake",
        location: ParamLocation::Query,
        required: false,
        param_type: ParamType::String,
        description: Some("Of this served flake alone."),
    },
    ParamDef {
        name: "closed",
        location: ParamLocation::Query,
        required: false,
        param_type: ParamType::Boolean,
        description: Some("Closed ones, too."),
    },
    ParamDef {
        name: "limit",
        location: ParamLocation::Query,
        required: false,
        param_type: ParamType::Integer,
        description: Some("At most so many."),
    },
];
static PARAMS_LISTSNIPPETS: [ParamDef; 0usize] = [];
static PARAMS_LISTWORKS: [ParamDef; 1usize] = [
    ParamDef {
        name: "flake",
        location: ParamLocation::Query,
        required: false,
        param_type: ParamType::String,
        description: Some("Of this served flake alone."),
    },
];
static PARAMS_LOGTASK: [ParamDef; 1usize] = [
    ParamDef {
        name: "task",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its name, unique in its work."),
    },
];
static PARAMS_MAKELINK: [ParamDef; 0usize] = [];
static PARAMS_NODTOMILESTONE: [ParamDef; 1usize] = [
    ParamDef {
        name: "work",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its id."),
    },
];
static PARAMS_OPENSESSION: [ParamDef; 0usize] = [];
static PARAMS_PAUSEWORK: [ParamDef; 1usize] = [
    ParamDef {
        name: "work",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its id."),
    },
];
static PARAMS_RELEASETASK: [ParamDef; 1usize] = [
    ParamDef {
        name: "task",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its name, unique in its work."),
    },
];
static PARAMS_REMOVESNIPPET: [ParamDef; 1usize] = [
    ParamDef {
        name: "snippet",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its name."),
    },
];
static PARAMS_RENEWLEASE: [ParamDef; 1usize] = [
    ParamDef {
        name: "work",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its id."),
    },
];
static PARAMS_RENEWTASK: [ParamDef; 1usize] = [
    ParamDef {
        name: "task",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its name, unique in its work."),
    },
];
static PARAMS_RESUMERUN: [ParamDef; 1usize] = [
    ParamDef {
        name: "run",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its id."),
    },
];
static PARAMS_RESUMEWORK: [ParamDef; 1usize] = [
    ParamDef {
        name: "work",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its id."),
    },
];
static PARAMS_RETRYTASK: [ParamDef; 1usize] = [
    ParamDef {
        name: "work",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its id."),
    },
];
static PARAMS_REVIEWTASK: [ParamDef; 1usize] = [
    ParamDef {
        name: "work",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its id."),
    },
];
static PARAMS_ROLLBACKWORK: [ParamDef; 1usize] = [
    ParamDef {
        name: "work",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its id."),
    },
];
static PARAMS_SAYINSESSION: [ParamDef; 1usize] = [
    ParamDef {
        name: "session",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its id."),
    },
];
static PARAMS_SAYTOTASK: [ParamDef; 1usize] = [
    ParamDef {
        name: "work",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its id."),
    },
];
static PARAMS_SETSNIPPET: [ParamDef; 1usize] = [
    ParamDef {
        name: "snippet",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its name."),
    },
];
static PARAMS_STARTWORK: [ParamDef; 0usize] = [];
static PARAMS_WAITFORSESSION: [ParamDef; 3usize] = [
    ParamDef {
        name: "session",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its id."),
    },
    ParamDef {
        name: "status",
        location: ParamLocation::Query,
        required: false,
        param_type: ParamType::String,
        description: Some(
            "How it stood when it was last looked at: it is told once it stands otherwise. Without it, once nothing is under way.",
        ),
    },
    ParamDef {
        name: "seconds",
        location: ParamLocation::Query,
        required: false,
        param_type: ParamType::Integer,
        description: Some(
            "For at most so many seconds; how it stands then is told all the same.",
        ),
    },
];
static PARAMS_WAITFORWORK: [ParamDef; 2usize] = [
    ParamDef {
        name: "work",
        location: ParamLocation::Path,
        required: true,
        param_type: ParamType::String,
        description: Some("Its id."),
    },
    ParamDef {
        name: "seconds",
        location: ParamLocation::Query,
        required: false,
        param_type: ParamType::Integer,
        description: Some(
            "At most; how it stands then is told all the same. 0 tells it at once.",
        ),
    },
];
pub static OPERATIONS: [OperationDef; 63usize] = [
    OperationDef {
        id: "abandonTask",
        method: HttpMethod::Post,
        path: "/v1/works/{work}/abandon",
        summary: Some("Leaves a task out."),
        description: None,
        params: &PARAMS_ABANDONTASK,
        body: Some(BodyDef {
            content_type: BodyContentType::Json,
            schema_name: Some("TaskReason"),
        }),
        response_schema: Some("WorkView"),
    },
    OperationDef {
        id: "abortWork",
        method: HttpMethod::Post,
        path: "/v1/works/{work}/abort",
        summary: Some("Ends everything; nothing that was written is lost."),
        description: None,
        params: &PARAMS_ABORTWORK,
        body: Some(BodyDef {
            content_type: BodyContentType::Json,
            schema_name: Some("Reason"),
        }),
        response_schema: Some("WorkView"),
    },
    OperationDef {
        id: "ask",
        method: HttpMethod::Post,
        path: "/v1/runs",
        summary: Some("Asks the experts of a flake; the run goes on by itself."),
        description: None,
        params: &PARAMS_ASK,
        body: Some(BodyDef {
            content_type: BodyContentType::Json,
            schema_name: Some("AskBody"),
        }),
        response_schema: Some("RunAccepted"),
    },
    OperationDef {
        id: "askAboutTask",
        method: HttpMethod::Post,
        path: "/v1/tasks/{task}/ask",
        summary: Some("Asks a person; the lease ends."),
        description: None,
        params: &PARAMS_ASKABOUTTASK,
        body: Some(BodyDef {
            content_type: BodyContentType::Json,
            schema_name: Some("LeaseWords"),
        }),
        response_schema: Some("Written"),
    },
    OperationDef {
        id: "auditWork",
        method: HttpMethod::Get,
        path: "/v1/works/{work}/audit",
        summary: Some("Tells what became of every branch of the work."),
        description: None,
        params: &PARAMS_AUDITWORK,
        body: None,
        response_schema: Some("Audit"),
    },
    OperationDef {
        id: "cancelRun",
        method: HttpMethod::Post,
        path: "/v1/runs/{run}/cancel",
        summary: Some("Stops a run that this server drives; it can be resumed."),
        description: None,
        params: &PARAMS_CANCELRUN,
        body: Some(BodyDef {
            content_type: BodyContentType::Json,
            schema_name: Some("Nothing"),
        }),
        response_schema: Some("RunStopped"),
    },
    OperationDef {
        id: "chooseInDebate",
        method: HttpMethod::Post,
        path: "/v1/debates/{run}/choose",
        summary: Some(
            "Chooses among what is tied; of two who do so at once, the first counts.",
        ),
        description: None,
        params: &PARAMS_CHOOSEINDEBATE,
        body: Some(BodyDef {
            content_type: BodyContentType::Json,
            schema_name: Some("ChoiceBody"),
        }),
        response_schema: Some("DebateView"),
    },
    OperationDef {
        id: "claimFirst",
        method: HttpMethod::Post,
        path: "/v1/works/{work}/claim",
        summary: Some(
            "Claims the first task that is ready and that the actor can do, and begins an attempt at it.",
        ),
        description: None,
        params: &PARAMS_CLAIMFIRST,
        body: Some(BodyDef {
            content_type: BodyContentType::Json,
            schema_name: Some("FirstClaim"),
        }),
        response_schema: Some("Claimed"),
    },
    OperationDef {
        id: "claimTask",
        method: HttpMethod::Post,
        path: "/v1/tasks/{task}/claim",
        summary: Some("Claims a task, and begins an attempt at it."),
        description: None,
        params: &PARAMS_CLAIMTASK,
        body: Some(BodyDef {
            content_type: BodyContentType::Json,
            schema_name: Some("ClaimBody"),
        }),
        response_schema: Some("Claimed"),
    },
    OperationDef {
        id: "controlSession",
        method: HttpMethod::Post,
        path: "/v1/sessions/{session}/ctl",
        summary: Some("Interrupts, compacts or closes a session."),
        description: None,
        params: &PARAMS_CONTROLSESSION,
        body: Some(BodyDef {
            content_type: BodyContentType::Json,
            schema_name: Some("ControlBody"),
        }),
        response_schema: Some("SessionStanding"),
    },
    OperationDef {
        id: "debate",
        method: HttpMethod::Post,
        path: "/v1/debates",
        summary: Some(
            "Lets participants debate an open question; the run goes on by itself.",
        ),
        description: None,
        params: &PARAMS_DEBATE,
        body: Some(BodyDef {
            content_type: BodyContentType::Json,
            schema_name: Some("DebateBody"),
        }),
        response_schema: Some("RunAccepted"),
    },
    OperationDef {
        id: "doneTask",
        method: HttpMethod::Post,
        path: "/v1/tasks/{task}/done",
        summary: Some("Says that a task is done; that is proven before it counts."),
        description: None,
        params: &PARAMS_DONETASK,
        body: Some(BodyDef {
            content_type: BodyContentType::Json,
            schema_name: Some("DoneBody"),
        }),
        response_schema: Some("Proven"),
    },
    OperationDef {
        id: "exportRun",
        method: HttpMethod::Get,
        path: "/v1/runs/{run}/export",
        summary: Some("Gives everything that is known of a run."),
        description: None,
        params: &PARAMS_EXPORTRUN,
        body: None,
        response_schema: None,
    },
    OperationDef {
        id: "failTask",
        method: HttpMethod::Post,
        path: "/v1/tasks/{task}/fail",
        summary: Some("Says that an attempt came to nothing."),
        description: None,
        params: &PARAMS_FAILTASK,
        body: Some(BodyDef {
            content_type: BodyContentType::Json,
            schema_name: Some("FailBody"),
        }),
        response_schema: Some("Written"),
    },
    OperationDef {
        id: "followEvents",
        method: HttpMethod::Get,
        path: "/v1/events",
        summary: Some("Tells what happens in all that is served, as it happens."),
        description: None,
        params: &PARAMS_FOLLOWEVENTS,
        body: None,
        response_schema: None,
    },
    OperationDef {
        id: "getDebate",
        method: HttpMethod::Get,
        path: "/v1/debates/{run}",
        summary: Some("Tells what came of a debate so far; nothing of an open round."),
        description: None,
        params: &PARAMS_GETDEBATE,
        body: None,
        response_schema: Some("DebateView"),
    },
    OperationDef {
        id: "getExpert",
        method: HttpMethod::Get,
        path: "/v1/flakes/{flake}/experts/{expert}",
        summary: Some("Describes one expert."),
        description: None,
        params: &PARAMS_GETEXPERT,
        body: None,
        response_schema: Some("Expert"),
    },
    OperationDef {
        id: "getGraph",
        method: HttpMethod::Get,
        path: "/v1/flakes/{flake}/graph",
        summary: Some("Gives the graph of a flake, as its evaluation does."),
        description: None,
        params: &PARAMS_GETGRAPH,
        body: None,
        response_schema: Some("GetGraphResponse"),
    },
    OperationDef {
        id: "getInbox",
        method: HttpMethod::Get,
        path: "/v1/inbox",
        summary: Some("Tells what waits for a person."),
        description: None,
        params: &PARAMS_GETINBOX,
        body: None,
        response_schema: Some("Inbox"),
    },
    OperationDef {
        id: "getPack",
        method: HttpMethod::Get,
        path: "/v1/flakes/{flake}/experts/{expert}/pack",
        summary: Some("Gives what an expert knows from the start."),
        description: None,
        params: &PARAMS_GETPACK,
        body: None,
        response_schema: Some("Pack"),
    },
    OperationDef {
        id: "getPlan",
        method: HttpMethod::Get,
        path: "/v1/runs/{run}/plan",
        summary: Some("Gives the plan of a run, or what it would be if it ended here."),
        description: None,
        params: &PARAMS_GETPLAN,
        body: None,
        response_schema: Some("Plan"),
    },
    OperationDef {
        id: "getRun",
        method: HttpMethod::Get,
        path: "/v1/runs/{run}",
        summary: Some("Tells what happened in a run, so far."),
        description: None,
        params: &PARAMS_GETRUN,
        body: None,
        response_schema: Some("RunDetails"),
    },
    OperationDef {
        id: "getRunEvents",
        method: HttpMethod::Get,
        path: "/v1/runs/{run}/events",
        summary: Some("Gives the events of a run: those so far, or as they happen."),
        description: None,
        params: &PARAMS_GETRUNEVENTS,
        body: None,
        response_schema: Some("GetRunEventsResponse"),
    },
    OperationDef {
        id: "getSession",
        method: HttpMethod::Get,
        path: "/v1/sessions/{session}",
        summary: Some("Tells how a session stands."),
        description: None,
        params: &PARAMS_GETSESSION,
        body: None,
        response_schema: Some("SessionStanding"),
    },
    OperationDef {
        id: "getSessionLog",
        method: HttpMethod::Get,
        path: "/v1/sessions/{session}/log",
        summary: Some("Gives all that was said."),
        description: None,
        params: &PARAMS_GETSESSIONLOG,
        body: None,
        response_schema: Some("SessionLog"),
    },
    OperationDef {
        id: "getSessionOutput",
        method: HttpMethod::Get,
        path: "/v1/sessions/{session}/out",
        summary: Some(
            "Gives the last output, which stays until the next one takes its place.",
        ),
        description: None,
        params: &PARAMS_GETSESSIONOUTPUT,
        body: None,
        response_schema: Some("SessionOutput"),
    },
    OperationDef {
        id: "getSessionStatus",
        method: HttpMethod::Get,
        path: "/v1/sessions/{session}/status",
        summary: Some("Tells how a session stands, at once."),
        description: None,
        params: &PARAMS_GETSESSIONSTATUS,
        body: None,
        response_schema: Some("SessionStanding"),
    },
    OperationDef {
        id: "getSnippet",
        method: HttpMethod::Get,
        path: "/v1/snippets/{snippet}",
        summary: Some("Gives a snippet."),
        description: None,
        params: &PARAMS_GETSNIPPET,
        body: None,
        response_schema: Some("Snippet"),
    },
    OperationDef {
        id: "getTask",
        method: HttpMethod::Get,
        path: "/v1/works/{work}/tasks/{task}",
        summary: Some("Shows a task, with all that is known of it."),
        description: None,
        params: &PARAMS_GETTASK,
        body: None,
        response_schema: Some("GetTaskResponse"),
    },
    OperationDef {
        id: "getTurn",
        method: HttpMethod::Get,
        path: "/v1/runs/{run}/turn",
        summary: Some("Gives what a turn was given and gave, word by word."),
        description: None,
        params: &PARAMS_GETTURN,
        body: None,
        response_schema: Some("TurnRecord"),
    },
    OperationDef {
        id: "getWork",
        method: HttpMethod::Get,
        path: "/v1/works/{work}",
        summary: Some("Shows where each task stands, and what needs a person."),
        description: None,
        params: &PARAMS_GETWORK,
        body: None,
        response_schema: Some("WorkView"),
    },
    OperationDef {
        id: "getWorkDiff",
        method: HttpMethod::Get,
        path: "/v1/works/{work}/diff",
        summary: Some("Shows what was changed so far."),
        description: None,
        params: &PARAMS_GETWORKDIFF,
        body: None,
        response_schema: None,
    },
    OperationDef {
        id: "getWorkEvents",
        method: HttpMethod::Get,
        path: "/v1/works/{work}/events",
        summary: Some("Gives the events of a work: those so far, or as they happen."),
        description: None,
        params: &PARAMS_GETWORKEVENTS,
        body: None,
        response_schema: Some("GetWorkEventsResponse"),
    },
    OperationDef {
        id: "getWorkPage",
        method: HttpMethod::Get,
        path: "/v1/works/{work}/page",
        summary: Some("Gives one HTML page about the work, for a review."),
        description: None,
        params: &PARAMS_GETWORKPAGE,
        body: None,
        response_schema: None,
    },
    OperationDef {
        id: "getWorkReport",
        method: HttpMethod::Get,
        path: "/v1/works/{work}/report",
        summary: Some(
            "Gives the page about the work, with its checks as JUnit and its objections as SARIF.",
        ),
        description: None,
        params: &PARAMS_GETWORKREPORT,
        body: None,
        response_schema: Some("WorkFiles"),
    },
    OperationDef {
        id: "landWork",
        method: HttpMethod::Post,
        path: "/v1/works/{work}/land",
        summary: Some("Moves a person's branch to what was done."),
        description: None,
        params: &PARAMS_LANDWORK,
        body: Some(BodyDef {
            content_type: BodyContentType::Json,
            schema_name: Some("LandBody"),
        }),
        response_schema: Some("DoneWords"),
    },
    OperationDef {
        id: "listExperts",
        method: HttpMethod::Get,
        path: "/v1/flakes/{flake}/experts",
        summary: Some("Lists the experts of a flake's graph."),
        description: None,
        params: &PARAMS_LISTEXPERTS,
        body: None,
        response_schema: Some("ExpertList"),
    },
    OperationDef {
        id: "listFlakes",
        method: HttpMethod::Get,
        path: "/v1/flakes",
        summary: Some("Lists the flakes that are served."),
        description: None,
        params: &PARAMS_LISTFLAKES,
        body: None,
        response_schema: Some("FlakeList"),
    },
    OperationDef {
        id: "listReadyTasks",
        method: HttpMethod::Get,
        path: "/v1/tasks/ready",
        summary: Some("Lists the tasks that can be claimed now."),
        description: None,
        params: &PARAMS_LISTREADYTASKS,
        body: None,
        response_schema: Some("ReadyList"),
    },
    OperationDef {
        id: "listRuns",
        method: HttpMethod::Get,
        path: "/v1/runs",
        summary: Some("Lists runs, the newest first."),
        description: None,
        params: &PARAMS_LISTRUNS,
        body: None,
        response_schema: Some("RunPage"),
    },
    OperationDef {
        id: "listSessions",
        method: HttpMethod::Get,
        path: "/v1/sessions",
        summary: Some("Lists sessions, the newest first."),
        description: None,
        params: &PARAMS_LISTSESSIONS,
        body: None,
        response_schema: Some("SessionList"),
    },
    OperationDef {
        id: "listSnippets",
        method: HttpMethod::Get,
        path: "/v1/snippets",
        summary: Some("Lists snippets."),
        description: None,
        params: &PARAMS_LISTSNIPPETS,
        body: None,
        response_schema: Some("SnippetList"),
    },
    OperationDef {
        id: "listWorks",
        method: HttpMethod::Get,
        path: "/v1/works",
        summary: Some("Lists works, the newest first."),
        description: None,
        params: &PARAMS_LISTWORKS,
        body: None,
        response_schema: Some("WorkList"),
    },
    OperationDef {
        id: "logTask",
        method: HttpMethod::Post,
        path: "/v1/tasks/{task}/log",
        summary: Some("Tells what is being done."),
        description: None,
        params: &PARAMS_LOGTASK,
        body: Some(BodyDef {
            content_type: BodyContentType::Json,
            schema_name: Some("LogBody"),
        }),
        response_schema: Some("Written"),
    },
    OperationDef {
        id: "makeLink",
        method: HttpMethod::Post,
        path: "/v1/links",
        summary: Some("Makes a link that logs a browser in, once, within ten minutes."),
        description: None,
        params: &PARAMS_MAKELINK,
        body: Some(BodyDef {
            content_type: BodyContentType::Json,
            schema_name: Some("Nothing"),
        }),
        response_schema: Some("LoginLink"),
    },
    OperationDef {
        id: "nodToMilestone",
        method: HttpMethod::Post,
        path: "/v1/works/{work}/nod",
        summary: Some(
            "Agrees that a milestone is reached, so that the next one begins.",
        ),
        description: None,
        params: &PARAMS_NODTOMILESTONE,
        body: Some(BodyDef {
            content_type: BodyContentType::Json,
            schema_name: Some("NodBody"),
        }),
        response_schema: Some("WorkView"),
    },
    OperationDef {
        id: "openSession",
        method: HttpMethod::Post,
        path: "/v1/sessions",
        summary: Some("Opens a conversation with one expert; nothing is said yet."),
        description: None,
        params: &PARAMS_OPENSESSION,
        body: Some(BodyDef {
            content_type: BodyContentType::Json,
            schema_name: Some("OpenBody"),
        }),
        response_schema: Some("SessionStanding"),
    },
    OperationDef {
        id: "pauseWork",
        method: HttpMethod::Post,
        path: "/v1/works/{work}/pause",
        summary: Some("Lets no further attempt begin."),
        description: None,
        params: &PARAMS_PAUSEWORK,
        body: Some(BodyDef {
            content_type: BodyContentType::Json,
            schema_name: Some("Nothing"),
        }),
        response_schema: Some("WorkView"),
    },
    OperationDef {
        id: "releaseTask",
        method: HttpMethod::Post,
        path: "/v1/tasks/{task}/release",
        summary: Some("Gives a task back."),
        description: None,
        params: &PARAMS_RELEASETASK,
        body: Some(BodyDef {
            content_type: BodyContentType::Json,
            schema_name: Some("LeaseWords"),
        }),
        response_schema: Some("Written"),
    },
    OperationDef {
        id: "removeSnippet",
        method: HttpMethod::Delete,
        path: "/v1/snippets/{snippet}",
        summary: Some("Removes a snippet."),
        description: None,
        params: &PARAMS_REMOVESNIPPET,
        body: None,
        response_schema: None,
    },
    OperationDef {
        id: "renewLease",
        method: HttpMethod::Post,
        path: "/v1/works/{work}/renew",
        summary: Some("Makes a lease on any of its tasks last longer."),
        description: None,
        params: &PARAMS_RENEWLEASE,
        body: Some(BodyDef {
            content_type: BodyContentType::Json,
            schema_name: Some("LeaseEpoch"),
        }),
        response_schema: Some("Renewed"),
    },
    OperationDef {
        id: "renewTask",
        method: HttpMethod::Post,
        path: "/v1/tasks/{task}/renew",
        summary: Some("Makes a lease last longer."),
        description: None,
        params: &PARAMS_RENEWTASK,
        body: Some(BodyDef {
            content_type: BodyContentType::Json,
            schema_name: Some("LeaseBody"),
        }),
        response_schema: Some("Renewed"),
    },
    OperationDef {
        id: "resumeRun",
        method: HttpMethod::Post,
        path: "/v1/runs/{run}/resume",
        summary: Some("Goes on with a run that was interrupted."),
        description: None,
        params: &PARAMS_RESUMERUN,
        body: Some(BodyDef {
            content_type: BodyContentType::Json,
            schema_name: Some("ResumeBody"),
        }),
        response_schema: Some("RunAccepted"),
    },
    OperationDef {
        id: "resumeWork",
        method: HttpMethod::Post,
        path: "/v1/works/{work}/resume",
        summary: Some("Goes on, with a changed policy where one is given."),
        description: None,
        params: &PARAMS_RESUMEWORK,
        body: Some(BodyDef {
            content_type: BodyContentType::Json,
            schema_name: Some("PolicyBody"),
        }),
        response_schema: Some("WorkView"),
    },
    OperationDef {
        id: "retryTask",
        method: HttpMethod::Post,
        path: "/v1/works/{work}/retry",
        summary: Some("Lets a task be tried again, or a finished one be done anew."),
        description: None,
        params: &PARAMS_RETRYTASK,
        body: Some(BodyDef {
            content_type: BodyContentType::Json,
            schema_name: Some("TaskReason"),
        }),
        response_schema: Some("WorkView"),
    },
    OperationDef {
        id: "reviewTask",
        method: HttpMethod::Post,
        path: "/v1/works/{work}/review",
        summary: Some("Approves what a task changed, objects to it, or remarks on it."),
        description: None,
        params: &PARAMS_REVIEWTASK,
        body: Some(BodyDef {
            content_type: BodyContentType::Json,
            schema_name: Some("ReviewBody"),
        }),
        response_schema: Some("WorkView"),
    },
    OperationDef {
        id: "rollbackWork",
        method: HttpMethod::Post,
        path: "/v1/works/{work}/rollback",
        summary: Some("Takes a landing back."),
        description: None,
        params: &PARAMS_ROLLBACKWORK,
        body: Some(BodyDef {
            content_type: BodyContentType::Json,
            schema_name: Some("Nothing"),
        }),
        response_schema: Some("DoneWords"),
    },
    OperationDef {
        id: "sayInSession",
        method: HttpMethod::Post,
        path: "/v1/sessions/{session}/in",
        summary: Some(
            "Says something to the expert; the message is taken at once, and answered after those before it.",
        ),
        description: None,
        params: &PARAMS_SAYINSESSION,
        body: Some(BodyDef {
            content_type: BodyContentType::Json,
            schema_name: Some("InBody"),
        }),
        response_schema: Some("MessageTaken"),
    },
    OperationDef {
        id: "sayToTask",
        method: HttpMethod::Post,
        path: "/v1/works/{work}/say",
        summary: Some("Says something to who does a task, or answers what it asks."),
        description: None,
        params: &PARAMS_SAYTOTASK,
        body: Some(BodyDef {
            content_type: BodyContentType::Json,
            schema_name: Some("SayBody"),
        }),
        response_schema: Some("WorkView"),
    },
    OperationDef {
        id: "setSnippet",
        method: HttpMethod::Put,
        path: "/v1/snippets/{snippet}",
        summary: Some("Keeps a text under a name, in place of what it named before."),
        description: None,
        params: &PARAMS_SETSNIPPET,
        body: Some(BodyDef {
            content_type: BodyContentType::Json,
            schema_name: Some("SnippetBody"),
        }),
        response_schema: Some("Snippet"),
    },
    OperationDef {
        id: "startWork",
        method: HttpMethod::Post,
        path: "/v1/works",
        summary: Some("Begins to carry a plan out; the work goes on by itself."),
        description: None,
        params: &PARAMS_STARTWORK,
        body: Some(BodyDef {
            content_type: BodyContentType::Json,
            schema_name: Some("StartBody"),
        }),
        response_schema: Some("WorkStarted"),
    },
    OperationDef {
        id: "waitForSession",
        method: HttpMethod::Get,
        path: "/v1/sessions/{session}/wait",
        summary: Some(
            "Tells how a session stands once that has changed, or the time is over.",
        ),
        description: None,
        params: &PARAMS_WAITFORSESSION,
        body: None,
        response_schema: Some("SessionStanding"),
    },
    OperationDef {
        id: "waitForWork",
        method: HttpMethod::Get,
        path: "/v1/works/{work}/wait",
        summary: Some(
            "Tells how a work stands once nobody lets it go on, or the time is over.",
        ),
        description: None,
        params: &PARAMS_WAITFORWORK,
        body: None,
        response_schema: Some("WorkStanding"),
    },
];
