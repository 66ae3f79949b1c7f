import type { RowResult } from '../../apply/result.js';
import type { Header } from '../../record/header.js';
import type { Problem } from '../../record/problem.js';
import { reportable } from '../../record/reportable.js';
import type { Reportable } from '../../record/reportable.js';
import { ProblemTally } from '../../report/problem-tally.js';
import { createProblemsFile, problemLine } from '../../report/problems-file.js';
import type { PageRows } from '../../report/page/page-rows.js';
import { ReportWriter } from '../../report/report-writer.js';
import type { Tally } from '../../report/tally.js';
import type { WholeFile } from '../../files/whole-file.js';
import type { Source } from '../../source/index.js';
import { seedFrom } from '../run/check-file.js';
import { checkedRows, errorIn, invalidResult } from '../run/checked-rows.js';
import type { CheckedRow } from '../run/checked-rows.js';
import { FixedFile } from './fixed-file.js';
import type { Changes } from './fixed-file.js';
import type { RunListener } from '../listener.js';
import type { Session } from '../run/session.js';

/** What a validation tells while it goes on. */
export interface ValidateListener extends RunListener {
  /** Each problem of the file, in its order. */
  readonly onProblem?: (problem: Problem) => void;
}

/** What one pass over the rows found. */
export interface Found {
  readonly rows: Tally;
  readonly problems: ProblemTally;
  readonly changes: Changes | undefined;
  /** The rows of report.html. */
  readonly page: PageRows;
}

const valid = { status: 'valid', steps: [], attempts: 0, final: true } as const;

/** One pass over the rows, with all the files that it fills: they are there at its end, or not at all. */
export class ValidationPass {
  readonly #source: Source;
  readonly #header: Header;
  readonly #shown: Reportable;
  readonly #reports: ReportWriter;
  readonly #problemsFile: WholeFile;
  readonly #fixed: FixedFile | undefined;
  readonly #problems = new ProblemTally();
  readonly #listener: ValidateListener;

  private constructor(
    source: Source,
    header: Header,
    files: readonly [ReportWriter, WholeFile, FixedFile | undefined],
    listener: ValidateListener,
  ) {
    this.#source = source;
    this.#header = header;
    this.#shown = reportable(header);
    [this.#reports, this.#problemsFile, this.#fixed] = files;
    this.#listener = listener;
  }

  /**
   * Makes the files. Throws a `Refusal` where the one for `--fix` is there already.
   * @param folder the run's, which whoever made it takes away after a failure.
   */
  static async open(
    folder: string,
    source: Source,
    header: Header,
    { fix, mask = false }: { readonly fix?: string; readonly mask?: boolean },
    listener: ValidateListener,
  ): Promise<ValidationPass> {
    const opened: { abandon(): Promise<void> }[] = [];
    try {
      const fixed = fix === undefined ? undefined : await FixedFile.create(fix, source, header);
      if (fixed) opened.push(fixed);
      const reports = await ReportWriter.create(folder, reportable(header).header, mask);
      opened.push(reports);
      const problems = await createProblemsFile(folder);
      return new ValidationPass(source, header, [reports, problems, fixed], listener);
    } catch (error) {
      for (const file of opened) await file.abandon();
      throw error;
    }
  }

  /** @param warnings what is to be said of the header. */
  async run(warnings: readonly Problem[], session: Session): Promise<Found> {
    const { listener, stop } = session;
    const files = [this.#reports, this.#problemsFile, ...(this.#fixed ? [this.#fixed] : [])];
    try {
      this.#note(warnings);
      listener.onPhase?.('checking', this.#source.size);
      const batches = checkedRows(this.#source, this.#header, seedFrom(session));
      for await (const { rows, bytesRead } of batches) {
        stop.throwIfRequested();
        for (const row of rows) this.#add(row);
        for (const file of files) await file.drain();
        listener.onProgress?.(bytesRead);
      }
      for (const file of files) await file.finish();
    } catch (error) {
      for (const file of files) await file.abandon();
      throw error;
    }
    return {
      rows: this.#reports.tally,
      problems: this.#problems,
      changes: this.#fixed?.changes,
      page: this.#reports.page,
    };
  }

  #add(checked: CheckedRow): void {
    const { row, raw, user, problems } = checked;
    this.#note(problems);
    this.#fixed?.add(raw, problems);
    // A warning leaves a row valid and its code empty: problems.csv has it.
    const result: RowResult = user
      ? { row, line: raw.line, username: user.username, ...valid }
      : invalidResult(checked, this.#shown.usernameOf(raw), errorIn(checked));
    this.#reports.add(result, () => this.#shown.cellsOf(raw));
    this.#listener.onResult?.(result);
  }

  #note(problems: readonly Problem[]): void {
    for (const problem of problems) {
      this.#problems.add(problem);
      this.#problemsFile.add(problemLine(problem));
      this.#listener.onProblem?.(problem);
    }
  }
}
