import process from 'node:process';

import { HeaderRefusal } from '../../api/refusal.js';
import { validateFile } from '../../api/validate/validate-file.js';
import type { ValidatedFile, ValidateOptions } from '../../api/validate/validate-file.js';
import { isAddress, SourceError } from '../../source/index.js';
import { callsFrom } from '../arguments/calls.js';
import { onlyGiven } from '../arguments/only-given.js';
import { peopleFrom } from '../arguments/people.js';
import { poolFrom } from '../arguments/pool.js';
import { runFrom } from '../arguments/run.js';
import { interruptible } from '../interrupts.js';
import type { Given } from '../options.js';
import { FirstProblems } from '../screen/first-problems.js';
import { annotation, mostAnnotations } from '../screen/github.js';
import { Screen } from '../screen/screen.js';
import { validationText } from '../screen/validation-text.js';
import { tellEnd } from '../unattended.js';
import { UsageError } from '../usage-error.js';

type ValidateArguments = Given<
  'pool' | 'check' | 'file' | 'rows' | 'calls' | 'newRun' | 'screen'
> & { readonly file: string };

const mostShown = 20;

/** Checks a file and shows what is wrong with it. */
export async function runValidate(given: ValidateArguments): Promise<number> {
  const options = await optionsFrom(given);
  const screen = await Screen.open(given);
  const github = given.format === 'github';
  const problems = new FirstProblems(github ? mostAnnotations : mostShown);
  try {
    return await interruptible(async (signal) => {
      const checked = await validateFile(
        { ...options, signal },
        { ...screen.listener, onProblem: problems.add },
      );
      screen.stop();
      if (github) annotate([...problems.errors, ...problems.warnings], given);
      const shown = github ? [] : problems.shown;
      const text = validationText(checked, shown, process.stdout.columns);
      const exitCode = await screen.summary(checked, documentOf(checked), text);
      await tellEnd(given, { ...checked.summary, exitCode }, screen.warn);
      return exitCode;
    });
  } catch (error) {
    if (github) annotate(problemsOf(error), given);
    throw error;
  } finally {
    screen.stop();
  }
}

async function optionsFrom(given: ValidateArguments): Promise<ValidateOptions> {
  const { schema, fix, 'user-pool-id': userPoolId } = given;
  if (schema !== undefined && userPoolId !== undefined) {
    throw new UsageError('Give --user-pool-id or --schema to check against, not both.');
  }
  if (given.format === 'github' && given.json && given['log-format'] === 'json') {
    throw new UsageError(
      'Annotations, the summary and log lines need a stream each: leave out --format github, --json or --log-format json.',
    );
  }
  const hasPool = (userPoolId ?? process.env['COGNITO_USER_POOL_ID'] ?? '') !== '';
  return {
    ...runFrom(given),
    ...onlyGiven({ schema, fix }),
    ...(schema === undefined && hasPool && { pool: poolFrom(given) }),
    ...(await peopleFrom(given)),
    ...callsFrom(given),
  };
}

/** The summary, and what was changed where that was asked for. */
function documentOf({ summary, changes }: ValidatedFile): object {
  return { ...summary, ...(changes && { fix: { file: changes.file, byCode: changes.byCode } }) };
}

interface Annotated {
  readonly line: number;
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
}

/** What keeps a file from being checked as a whole, where the file is what is wrong. */
function problemsOf(error: unknown): readonly Annotated[] {
  if (error instanceof HeaderRefusal) return error.problems.slice(0, mostAnnotations);
  if (!(error instanceof SourceError)) return [];
  const { line = 1, code, message } = error;
  return [{ line, severity: 'error', code, message }];
}

/** The runner reads workflow commands from both streams; standard output may be for JSON. */
function annotate(problems: readonly Annotated[], { file, json }: ValidateArguments): void {
  const path = file === '-' || isAddress(file) ? undefined : file;
  const lines = problems.map((one) => `${annotation(one, path)}\n`);
  (json ? process.stderr : process.stdout).write(lines.join(''));
}
