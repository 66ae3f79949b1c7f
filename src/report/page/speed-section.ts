import type { Operation } from '../../cognito/quotas.js';
import type { FiguresEntry } from '../../journal/entries.js';
import { LatencyTally } from '../latencies.js';
import type { Summary } from '../summary.js';
import { timelinesId } from './data.js';
import type { CategoryTimeline } from './data.js';
import { dataScript, html } from './html.js';
import type { Html } from './html.js';
import { timelines } from './timelines.js';

/** What each operation does, in a reader's words. */
const steps: Readonly<Record<Operation, string>> = {
  AdminCreateUser: 'create or invite',
  AdminSetUserPassword: 'password',
  AdminUpdateUserAttributes: 'attributes',
  AdminInitiateAuth: 'sign in',
  AdminRespondToAuthChallenge: 'challenge',
  AdminListGroupsForUser: "look up a user's groups",
  AdminAddUserToGroup: 'groups',
  AdminRemoveUserFromGroup: 'groups',
  CreateGroup: 'make a group',
  AdminEnableUser: 'enable',
  AdminDisableUser: 'disable',
  AdminDeleteUser: 'delete',
  GetUserAttributeVerificationCode: 'send code',
  VerifyUserAttribute: 'confirm code',
  AdminGetUser: 'look a user up',
  ListUsers: 'read the pool',
  ListUsersInGroup: "read a group's members",
  ListGroups: 'read the groups',
  DescribeUserPool: "read the pool's settings",
  DescribeUserPoolClient: 'read the app client',
  ListUserPoolClientSecrets: "read the app client's secret",
  GetProvisionedLimit: 'read the quota',
};

/** The start and the end of a single span. */
const leastMoments = 2;

/** How fast the service was called over time, and how long it took to answer. */
export function speedSection(
  { calls, rates }: Summary,
  figures: readonly FiguresEntry[],
): Html | undefined {
  const operations = Object.keys(calls) as Operation[];
  if (operations.length === 0) return undefined;
  return html`<section aria-labelledby="speed-title">
      <h2 id="speed-title">Calls a second</h2>
      ${charts(timelines(figures), rates)}
    </section>
    <section aria-labelledby="calls-title">
      <h2 id="calls-title">Steps, and how long they took</h2>
      <p>
        Milliseconds of accepted calls, to about a tenth: as long as half of them took at most, 95
        of 100, and the slowest.
      </p>
      <div class="wide">
        <table>
          <thead>
            <tr>
              <th scope="col">Call</th>
              <th scope="col">Step</th>
              <th scope="col" class="number">Accepted</th>
              <th scope="col" class="number">Throttled</th>
              <th scope="col" class="number">Sent again</th>
              <th scope="col" class="number">Refused</th>
              <th scope="col" class="number">Half</th>
              <th scope="col" class="number">95 %</th>
              <th scope="col" class="number">Slowest</th>
            </tr>
          </thead>
          <tbody>
            ${operations.map((operation) => callRow(operation, calls, figures))}
          </tbody>
        </table>
      </div>
    </section> `;
}

/** A run that was measured once has nothing to show over time, and no rate worth the name. */
function charts(all: readonly CategoryTimeline[], rates: Summary['rates']): Html {
  if (!all.some(({ at }) => at.length > leastMoments)) {
    return html`<p>The calls took too little time for a chart of it.</p> `;
  }
  return html`<p>
      Accepted calls by quota category, beside what the quota allows in all and what the service
      throttled. Times are in UTC.
    </p>
    <div class="charts">${all.map((timeline) => chart(timeline, rates))}</div>
    ${dataScript(html`id="${timelinesId}"`, all)}`;
}

function callRow(
  operation: Operation,
  calls: Summary['calls'],
  figures: readonly FiguresEntry[],
): Html {
  const { ok = 0, throttled = 0, retried = 0, failed = 0 } = calls[operation] ?? {};
  const tally = new LatencyTally();
  for (const { latencies } of figures) {
    const counts = latencies?.[operation];
    if (counts) tally.addCounts(counts);
  }
  const { p50, p95, max } = tally.latency ?? {};
  const cells = [ok, throttled, retried, failed, p50, p95, max];
  return html`<tr>
    <th scope="row">${operation}</th>
    <td>${steps[operation]}</td>
    ${cells.map((value) => html`<td class="number">${value?.toLocaleString('en') ?? '–'}</td>`)}
  </tr> `;
}

function chart(timeline: CategoryTimeline, rates: Summary['rates']): Html {
  const { category } = timeline;
  const rate = Object.entries(rates).find(([name]) => name === category)?.[1];
  const told = rate
    ? ` ${rate.achieved.toLocaleString('en')} calls a second while it was calling; the quota is ${rate.limit.toLocaleString('en')}, of which ${Math.round(rate.share * 100)} % were to be used.`
    : '';
  const isThrottled = timeline.throttled.some((value) => (value ?? 0) > 0);
  return html`<figure>
    <figcaption>
      <b>${category}</b>${told}${isThrottled ? '' : ' Nothing was throttled.'}
    </figcaption>
    <div
      class="chart"
      data-category="${category}"
      role="img"
      aria-label="Chart of ${category}: the same figures are in the table below it."
    ></div>
    <details>
      <summary>${category} as a table</summary>
      <div class="wide tall" tabindex="0">
        <table>
          <thead>
            <tr>
              <th scope="col">Until (UTC)</th>
              <th scope="col" class="number">Accepted a second</th>
              <th scope="col" class="number">Quota</th>
              <th scope="col" class="number">Throttled a second</th>
            </tr>
          </thead>
          <tbody>
            ${spanRows(timeline)}
          </tbody>
        </table>
      </div>
    </details>
  </figure> `;
}

function spanRows({ at, calls, quota, throttled }: CategoryTimeline): readonly Html[] {
  return at.flatMap((time, index) => {
    const value = calls[index] ?? null;
    // Where a line begins stands only in the chart.
    if (value === null || index === 0 || calls[index - 1] === null) return [];
    const cells = [value, quota[index], throttled[index]];
    return [
      html`<tr>
        <th scope="row">${new Date(time * 1_000).toISOString().slice(11, 19)}</th>
        ${cells.map((cell) => html`<td class="number">${cell?.toLocaleString('en') ?? '–'}</td>`)}
      </tr> `,
    ];
  });
}
