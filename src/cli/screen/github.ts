import type { Problem } from '../../record/problem.js';

/** GitHub shows at most ten errors and ten warnings of a step, and drops what is beyond. */
export const mostAnnotations = 10;

/**
 * A problem as a workflow command, which GitHub shows at its line of the pull request. Source:
 * docs.github.com, "Workflow commands for GitHub Actions"; escapes as in actions/toolkit.
 *
 * @param file as GitHub is to find it: a path in the repository. Undefined for standard input.
 */
export function annotation(
  { severity, line, code, message }: Pick<Problem, 'severity' | 'line' | 'code' | 'message'>,
  file: string | undefined,
): string {
  const place = file === undefined ? '' : `file=${property(file.replace(/^\.\//, ''))},`;
  return `::${severity} ${place}line=${line},title=${property(code)}::${data(message)}`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
