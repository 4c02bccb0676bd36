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

/// `chooseInDebate`
pub const CHOOSE_IN_DEBATE: &OperationDef = &OPERATIONS[6];

/// `claimFirst`
pub const CLAIM_FIRST: &OperationDef = &OPERATIONS[7];

/// `claimTask`
pub const CLAIM_TASK: &OperationDef = &OPERATIONS[8];

/// `controlSession`
pub const CONTROL_SESSION: &OperationDef = &OPERATIONS[9];

/// `debate`
pub const DEBATE: &OperationDef = &OPERATIONS[10];

/// `doneTask`
pub const DONE_TASK: &OperationDef = &OPERATIONS[11];

/// `exportRun`
pub const EXPORT_RUN: &OperationDef = &OPERATIONS[12];

/// `failTask`
pub const FAIL_TASK: &OperationDef = &OPERATIONS[13];

/// `followEvents`
pub const FOLLOW_EVENTS: &OperationDef = &OPERATIONS[14];

/// `getDebate`
pub const GET_DEBATE: &OperationDef = &OPERATIONS[15];

/// `getExpert`
pub const GET_EXPERT: &OperationDef = &OPERATIONS[16];

/// `getGraph`
pub const GET_GRAPH: &OperationDef = &OPERATIONS[17];

/// `getInbox`
pub const GET_INBOX: &OperationDef = &OPERATIONS[18];

/// `getPack`
pub const GET_PACK: &OperationDef = &OPERATIONS[19];

/// `getPlan`
pub const GET_PLAN: &OperationDef = &OPERATIONS[20];

/// `getRun`
pub const GET_RUN: &OperationDef = &OPERATIONS[21];

/// `getRunEvents`
pub const GET_RUN_EVENTS: &OperationDef = &OPERATIONS[22];

/// `getSession`
pub const GET_SESSION: &OperationDef = &OPERATIONS[23];

/// `getSessionLog`
pub const GET_SESSION_LOG: &OperationDef = &OPERATIONS[24];

/// `getSessionOutput`
pub const GET_SESSION_OUTPUT: &OperationDef = &OPERATIONS[25];

/// `getSessionStatus`
pub const GET_SESSION_STATUS: &OperationDef = &OPERATIONS[26];

/// `getSnippet`
pub const GET_SNIPPET: &OperationDef = &OPERATIONS[27];

/// `getTask`
pub const GET_TASK: &OperationDef = &OPERATIONS[28];

/// `getTurn`
pub const GET_TURN: &OperationDef = &OPERATIONS[29];

/// `getWork`
pub const GET_WORK: &OperationDef = &OPERATIONS[30];

/// `getWorkDiff`
pub const GET_WORK_DIFF: &OperationDef = &OPERATIONS[31];

/// `getWorkEvents`
pub const GET_WORK_EVENTS: &OperationDef = &OPERATIONS[32];

/// `getWorkPage`
pub const GET_WORK_PAGE: &OperationDef = &OPERATIONS[33];

/// `getWorkReport`
pub const GET_WORK_REPORT: &OperationDef = &OPERATIONS[34];

/// `landWork`
pub const LAND_WORK: &OperationDef = &OPERATIONS[35];

/// `listExperts`
pub const LIST_EXPERTS: &OperationDef = &OPERATIONS[36];

/// `listFlakes`
pub const LIST_FLAKES: &OperationDef = &OPERATIONS[37];

/// `listReadyTasks`
pub const LIST_READY_TASKS: &OperationDef = &OPERATIONS[38];

/// `listRuns`
pub const LIST_RUNS: &OperationDef = &OPERATIONS[39];

/// `listSessions`
pub const LIST_SESSIONS: &OperationDef = &OPERATIONS[40];

/// `listSnippets`
pub const LIST_SNIPPETS: &OperationDef = &OPERATIONS[41];

/// `listWorks`
pub const LIST_WORKS: &OperationDef = &OPERATIONS[42];

/// `logTask`
pub const LOG_TASK: &OperationDef = &OPERATIONS[43];

/// `makeLink`
pub const MAKE_LINK: &OperationDef = &OPERATIONS[44];

/// `nodToMilestone`
pub const NOD_TO_MILESTONE: &OperationDef = &OPERATIONS[45];

/// `openSession`
pub const OPEN_SESSION: &OperationDef = &OPERATIONS[46];

/// `pauseWork`
pub const PAUSE_WORK: &OperationDef = &OPERATIONS[47];

/// `releaseTask`
pub const RELEASE_TASK: &OperationDef = &OPERATIONS[48];

/// `removeSnippet`
pub const REMOVE_SNIPPET: &OperationDef = &OPERATIONS[49];

/// `renewLease`
pub const RENEW_LEASE: &OperationDef = &OPERATIONS[50];

/// `renewTask`
pub const RENEW_TASK: &OperationDef = &OPERATIONS[51];

/// `resumeRun`
pub const RESUME_RUN: &OperationDef = &OPERATIONS[52];

/// `resumeWork`
pub const RESUME_WORK: &OperationDef = &OPERATIONS[53];

/// `retryTask`
pub const RETRY_TASK: &OperationDef = &OPERATIONS[54];

/// `reviewTask`
pub const REVIEW_TASK: &OperationDef = &OPERATIONS[55];

/// `rollbackWork`
pub const ROLLBACK_WORK: &OperationDef = &OPERATIONS[56];

/// `sayInSession`
pub const SAY_IN_SESSION: &OperationDef = &OPERATIONS[57];

/// `sayToTask`
pub const SAY_TO_TASK: &OperationDef = &OPERATIONS[58];

/// `setSnippet`
pub const SET_SNIPPET: &OperationDef = &OPERATIONS[59];

/// `startWork`
pub const START_WORK: &OperationDef = &OPERATIONS[60];

/// `waitForSession`
pub const WAIT_FOR_SESSION: &OperationDef = &OPERATIONS[61];

/// `waitForWork`
pub const WAIT_FOR_WORK: &OperationDef = &OPERATIONS[62];
