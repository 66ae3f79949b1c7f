/**
 * cognito-bulk as a library: the same functions that the commands call. None of them prints, exits
 * or handles signals; what happens on the way is told to a listener.
 */
export { describePool } from './api/pool/describe-pool.js';
export type { DescribeOptions } from './api/pool/describe-pool.js';
export { examinePool } from './api/pool/examine-pool.js';
export type {
  Examination,
  ExamineOptions,
  Finding,
  Need,
  Permission,
  Readiness,
} from './api/pool/examine-pool.js';
export { exportUsers } from './api/export/export-users.js';
export type { ExportedUsers, ExportOptions } from './api/export/export-users.js';
export type { Changes } from './api/validate/fixed-file.js';
export { applyPlan } from './api/resume/apply-plan.js';
export type { ApplyOptions } from './api/resume/apply-plan.js';
export { dryRun } from './api/import/dry-run.js';
export type { DryRunOptions } from './api/import/dry-run.js';
export type { Forecast, Prices } from './plan/forecast.js';
export { importUsers } from './api/import/import-users.js';
export { resumeRun } from './api/resume/resume-run.js';
export { writeReport } from './api/resume/write-report.js';
export { syncUsers } from './api/sync/sync-users.js';
export { dryRunSync } from './api/sync/sync-dry-run.js';
export type { SyncDryRun } from './api/sync/sync-dry-run.js';
export type { Difference, Differences, ValueChange } from './api/sync/difference-list.js';
export { dryRunUndo } from './api/undo/undo-dry-run.js';
export { undoRun } from './api/undo/undo-run.js';
export type { PlanCounts } from './plan/planned.js';
export type { RemovalCap } from './plan/removal-cap.js';
export type { Scope } from './plan/scope.js';
export { verifyUsers } from './api/verify/verify-users.js';
export type { FinishedRun } from './api/run/finish-run.js';
export { loadPreset, presetNames } from './api/presets/presets.js';
export type { Phase, RunListener } from './api/listener.js';
export type {
  CallOptions,
  ColumnOptions,
  FileOptions,
  ImportOptions,
  Interruption,
  PoolOptions,
  ResumeOptions,
  RowOptions,
  RunOptions,
  S3Options,
  SyncChoices,
  SyncDryRunOptions,
  SyncOptions,
  UndoDryRunOptions,
  UndoOptions,
  VerifyOptions,
} from './api/options.js';
export { HeaderRefusal, Refusal } from './api/refusal.js';
export { validateFile } from './api/validate/validate-file.js';
export type { ValidatedFile, ValidateOptions } from './api/validate/validate-file.js';
export type { ValidateListener } from './api/validate/validation-pass.js';
export type { CallOutcome } from './apply/calls.js';
export type { RowResult, Status } from './apply/result.js';
export { PoolError } from './cognito/errors.js';
export type { ErrorKind } from './cognito/errors.js';
export type { Category, Operation } from './cognito/quotas.js';
export { AppendError } from './files/append-file.js';
export { JournalError } from './journal/read-journal.js';
export type { StepName } from './plan/steps.js';
export type { PoolDescription } from './cognito/description.js';
export type { Problem } from './record/problem.js';
export type { DroppedColumns, Preset, Remark } from './record/preset.js';
export type { CodeCount, ProblemCounts } from './report/problem-tally.js';
export type { Outcome, Summary } from './report/summary.js';
export { SourceError } from './source/index.js';
export type { SourceErrorCode } from './source/index.js';
