//! The operations by name. Made from the OpenAPI document: see crates/client/generator.

use super::registry::{OPERATIONS, OperationDef};

/// `abandonTask`
pub const ABANDON_TASK: &OperationDef = &OPERATIONS[0];

/// `abortWork`
pub const ABORT_WORK: &OperationDef = &OPERATIONS[1];

/// `ask`
pub const ASK: &OperationDef = &OPERATIONS[2];

/// `askAboutTask`
pub const ASK_ABOUT_TASK: &OperationDef = &OPERATIONS[3];

/// `auditWork`
pub const AUDIT_WORK: &OperationDef = &OPERATIONS[4];

/// `cancelRun`
pub const CANCEL_RUN: &OperationDef = &OPERATIONS[5];

/// `claimFirst`
pub const CLAIM_FIRST: &OperationDef = &OPERATIONS[6];

/// `claimTask`
pub const CLAIM_TASK: &OperationDef = &OPERATIONS[7];

/// `controlSession`
pub const CONTROL_SESSION: &OperationDef = &OPERATIONS[8];

/// `doneTask`
pub const DONE_TASK: &OperationDef = &OPERATIONS[9];

/// `exportRun`
pub const EXPORT_RUN: &OperationDef = &OPERATIONS[10];

/// `failTask`
pub const FAIL_TASK: &OperationDef = &OPERATIONS[11];

/// `followEvents`
pub const FOLLOW_EVENTS: &OperationDef = &OPERATIONS[12];

/// `getExpert`
pub const GET_EXPERT: &OperationDef = &OPERATIONS[13];

/// `getGraph`
pub const GET_GRAPH: &OperationDef = &OPERATIONS[14];

/// `getInbox`
pub const GET_INBOX: &OperationDef = &OPERATIONS[15];

/// `getPack`
pub const GET_PACK: &OperationDef = &OPERATIONS[16];

/// `getPlan`
pub const GET_PLAN: &OperationDef = &OPERATIONS[17];

/// `getRun`
pub const GET_RUN: &OperationDef = &OPERATIONS[18];

/// `getRunEvents`
pub const GET_RUN_EVENTS: &OperationDef = &OPERATIONS[19];

/// `getSession`
pub const GET_SESSION: &OperationDef = &OPERATIONS[20];

/// `getSessionLog`
pub const GET_SESSION_LOG: &OperationDef = &OPERATIONS[21];

/// `getSessionOutput`
pub const GET_SESSION_OUTPUT: &OperationDef = &OPERATIONS[22];

/// `getSessionStatus`
pub const GET_SESSION_STATUS: &OperationDef = &OPERATIONS[23];

/// `getSnippet`
pub const GET_SNIPPET: &OperationDef = &OPERATIONS[24];

/// `getTask`
pub const GET_TASK: &OperationDef = &OPERATIONS[25];

/// `getTurn`
pub const GET_TURN: &OperationDef = &OPERATIONS[26];

/// `getWork`
pub const GET_WORK: &OperationDef = &OPERATIONS[27];

/// `getWorkDiff`
pub const GET_WORK_DIFF: &OperationDef = &OPERATIONS[28];

/// `getWorkEvents`
pub const GET_WORK_EVENTS: &OperationDef = &OPERATIONS[29];

/// `getWorkPage`
pub const GET_WORK_PAGE: &OperationDef = &OPERATIONS[30];

/// `getWorkReport`
pub const GET_WORK_REPORT: &OperationDef = &OPERATIONS[31];

/// `landWork`
pub const LAND_WORK: &OperationDef = &OPERATIONS[32];

/// `listExperts`
pub const LIST_EXPERTS: &OperationDef = &OPERATIONS[33];

/// `listFlakes`
pub const LIST_FLAKES: &OperationDef = &OPERATIONS[34];

/// `listReadyTasks`
pub const LIST_READY_TASKS: &OperationDef = &OPERATIONS[35];

/// `listRuns`
pub const LIST_RUNS: &OperationDef = &OPERATIONS[36];

/// `listSessions`
pub const LIST_SESSIONS: &OperationDef = &OPERATIONS[37];

/// `listSnippets`
pub const LIST_SNIPPETS: &OperationDef = &OPERATIONS[38];

/// `listWorks`
pub const LIST_WORKS: &OperationDef = &OPERATIONS[39];

/// `logTask`
pub const LOG_TASK: &OperationDef = &OPERATIONS[40];

/// `makeLink`
pub const MAKE_LINK: &OperationDef = &OPERATIONS[41];

/// `nodToMilestone`
pub const NOD_TO_MILESTONE: &OperationDef = &OPERATIONS[42];

/// `openSession`
pub const OPEN_SESSION: &OperationDef = &OPERATIONS[43];

/// `pauseWork`
pub const PAUSE_WORK: &OperationDef = &OPERATIONS[44];

/// `releaseTask`
pub const RELEASE_TASK: &OperationDef = &OPERATIONS[45];

/// `removeSnippet`
pub const REMOVE_SNIPPET: &OperationDef = &OPERATIONS[46];

/// `renewLease`
pub const RENEW_LEASE: &OperationDef = &OPERATIONS[47];

/// `renewTask`
pub const RENEW_TASK: &OperationDef = &OPERATIONS[48];

/// `resumeRun`
pub const RESUME_RUN: &OperationDef = &OPERATIONS[49];

/// `resumeWork`
pub const RESUME_WORK: &OperationDef = &OPERATIONS[50];

/// `retryTask`
pub const RETRY_TASK: &OperationDef = &OPERATIONS[51];

/// `reviewTask`
pub const REVIEW_TASK: &OperationDef = &OPERATIONS[52];

/// `rollbackWork`
pub const ROLLBACK_WORK: &OperationDef = &OPERATIONS[53];

/// `sayInSession`
pub const SAY_IN_SESSION: &OperationDef = &OPERATIONS[54];

/// `sayToTask`
pub const SAY_TO_TASK: &OperationDef = &OPERATIONS[55];

/// `setSnippet`
pub const SET_SNIPPET: &OperationDef = &OPERATIONS[56];

/// `startWork`
pub const START_WORK: &OperationDef = &OPERATIONS[57];

/// `waitForSession`
pub const WAIT_FOR_SESSION: &OperationDef = &OPERATIONS[58];

/// `waitForWork`
pub const WAIT_FOR_WORK: &OperationDef = &OPERATIONS[59];
