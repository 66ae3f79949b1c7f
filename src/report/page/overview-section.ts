import type { Status } from '../../apply/result.js';
import { notFine } from '../not-fine.js';
import type { Summary } from '../summary.js';
import { fileName, firstSentence } from './first-sentence.js';
import { html } from './html.js';
import type { Html } from './html.js';
import { durationText, timeText } from './words.js';

/**
 * What was run and how it ended: a sentence, what has to be known beside it, and counts by status.
 *
 * @param next what to do next, with its command.
 */
export function overviewSection(summary: Summary, next: string | undefined): Html {
  return html`<header>
      <p class="kind">
        cognito-bulk
        ${summary.command}${summary.dryRun === true ? ', dry run' : ''}${summary.rehearsal === true ? ', rehearsal' : ''}
      </p>
      <h1>${firstSentence(summary)}</h1>
      ${remarks(summary).map((remark) => html`<p class="remark">${remark}</p> `)}${notes(summary)}
      ${next === undefined ? undefined : html`<p class="remark">${next}</p> `}${facts(summary)}
    </header>
    <section aria-labelledby="counts-title">
      <h2 id="counts-title">Rows by status</h2>
      ${counts(summary)}
    </section> `;
}

function remarks({ dryRun, rehearsal, reason }: Summary): readonly string[] {
  return [
    ...(dryRun ? ['A dry run only reads. Nothing was written to the pool.'] : []),
    ...(rehearsal
      ? ['A rehearsal works on a local pool. Nobody was created or messaged in AWS.']
      : []),
    ...(reason === null ? [] : [`Why it ended: ${reason}.`.replace(/\.\.$/, '.')]),
  ];
}

/** What the run said beside its figures. */
function notes({ notices = [] }: Summary): Html | undefined {
  if (notices.length === 0) return undefined;
  return html`<ul class="remark">
    ${notices.map((notice) => html`<li>${notice}</li> `)}
  </ul> `;
}

function facts(summary: Summary): Html {
  const { pool, run, file, startedAt, finishedAt, durationSeconds, exitCode, forecast } = summary;
  const known: [name: string, value: string][] = [
    ['Run', run],
    ['File', fileName(file.name)],
    ['Pool', pool.id === null ? 'none' : `${pool.id} (${pool.region ?? ''})`],
    ['Started', timeText(startedAt)],
    ['Finished', timeText(finishedAt)],
    ['Worked', durationText(durationSeconds)],
    ['Exit code', String(exitCode)],
  ];
  if (forecast) {
    const { seconds, messages, messageDays, monthlyActiveUsers, costUsd } = forecast;
    known.push(['Would take', durationText(seconds)]);
    if (messages > 0)
      known.push(['Messages', `${number(messages)}, over ${number(messageDays)} days`]);
    known.push(
      ['Active users', number(monthlyActiveUsers)],
      [
        'Cost a month',
        `$${dollars(costUsd.lite)} Lite, $${dollars(costUsd.essentials)} Essentials, $${dollars(costUsd.plus)} Plus`,
      ],
    );
  }
  return html`<dl class="facts">
    ${known.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div> `,
    )}
  </dl> `;
}

function counts({ rows }: Summary): Html {
  const share = (count: number): string => {
    const percent = (100 * count) / rows.total;
    return percent < 0.1 ? 'less than 0.1 %' : `${Number(percent.toFixed(1))} %`;
  };
  const found = Object.entries(rows.byStatus) as [Status, number][];
  if (found.length === 0) return html`<p>The file has no rows.</p> `;
  return html`<ul class="counts">
    ${found
      .sort(([, a], [, b]) => b - a)
      .map(
        ([status, count]) =>
          html`<li class="${notFine.has(status) ? 'bad' : 'good'}">
            <a href="#rows" data-status="${status}"
              ><b>${number(count)}</b> <span class="status">${status}</span>
              <small>${share(count)}</small></a
            >
          </li> `,
      )}
  </ul> `;
}

const number = (value: number): string => value.toLocaleString('en');
const dollars = (value: number): string =>
  value.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
