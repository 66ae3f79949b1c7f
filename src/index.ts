/**
 * cognito-bulk as a library: the same functions that the commands call. None of them prints, exits
 * or handles signals; what happens on the way is told to a listener.
 */
export { importUsers } from './api/import-users.js';
export { resumeRun, writeReport } from './api/resume-run.js';
export type { FinishedRun } from './api/import-run.js';
export { loadPreset, presetNames } from './api/presets.js';
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
} from './api/options.js';
export { Refusal } from './api/refusal.js';
export type { CallOutcome } from './apply/calls.js';
export type { RowResult, Status } from './apply/result.js';
export { PoolError } from './cognito/errors.js';
export type { ErrorKind } from './cognito/errors.js';
export type { Category, Operation } from './cognito/quotas.js';
export { AppendError } from './journal/append-file.js';
export { JournalError } from './journal/read-journal.js';
export type { StepName } from './plan/steps.js';
export type { DroppedColumns, Preset, Remark } from './record/preset.js';
export type { Outcome, Summary } from './report/summary.js';
export { SourceError } from './source/index.js';
export type { SourceErrorCode } from './source/index.js';
