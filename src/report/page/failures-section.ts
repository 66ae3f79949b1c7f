import { adviceFor } from '../advice.js';
import type { ProblemCounts } from '../problem-tally.js';
import { ruleAdviceFor } from '../rule-advice.js';
import { html } from './html.js';
import type { Html } from './html.js';
import type { Trouble } from './troubles.js';
import { listText } from './words.js';

/** The rows that are not fine, grouped by code, with what to do about each. */
export function failuresSection(
  troubles: readonly Trouble[],
  problems: ProblemCounts | undefined,
): Html {
  return html`<section aria-labelledby="failures-title">
    <h2 id="failures-title">What is not fine, and what to do</h2>
    ${
      troubles.length === 0 ? html`<p>Every row is fine.</p> ` : troubleTable(troubles)
    }${problems && warnings(problems)}
  </section> `;
}

function troubleTable(troubles: readonly Trouble[]): Html {
  return html`<p>
      These rows stand in rejects.csv. What has to be corrected can be corrected there, and that
      file imported.
    </p>
    <div class="wide">
      <table class="stacked">
        <thead>
          <tr>
            <th scope="col">Code</th>
            <th scope="col" class="number">Rows</th>
            <th scope="col">What to do</th>
          </tr>
        </thead>
        <tbody>
          ${troubles.map(troubleRow)}
        </tbody>
      </table>
    </div> `;
}

function troubleRow({ code, count, statuses, message, lines }: Trouble): Html {
  return html`<tr>
    <th scope="row">
      <a href="#rows" data-code="${code}">${code}</a><br /><small>${listText(statuses)}</small>
    </th>
    <td class="number">
      ${count.toLocaleString('en')}<span class="unit">${count === 1 ? ' row' : ' rows'}</span>
    </td>
    <td>
      ${adviceText(code, ...statuses)}${exampleText(message, lines)}${linesText(lines, count)}
    </td>
  </tr> `;
}

/** Of the first that has one: what to do about a status is said where nothing is known of the code. */
function adviceText(...names: readonly string[]): Html | undefined {
  const [advice] = names.flatMap((name) => adviceFor(name) ?? ruleAdviceFor(name) ?? []);
  return advice === undefined ? undefined : html`<p>${advice}</p>`;
}

/** What the first of the rows says, which may be true of that row alone. */
function exampleText(message: string, [line]: readonly number[]): Html | undefined {
  if (message === '') return undefined;
  const whose = line === undefined ? 'The first says' : `Line ${line} says`;
  return html`<p class="said">${whose}: ${message}</p>`;
}

function linesText(lines: readonly number[], count: number): Html | undefined {
  if (lines.length === 0) return undefined;
  const links = lines.map(
    (line, index) => html`${index === 0 ? '' : ', '}<a href="#line-${line}">${line}</a>`,
  );
  return html`<p>
    <small
      >${lines.length === 1 ? 'Line' : 'Lines'} ${links}${count > lines.length ? ', …' : ''}</small
    >
  </p>`;
}

/** Of a validation: what does not make a row wrong, and is likely not meant all the same. */
function warnings({ byCode }: ProblemCounts): Html | undefined {
  const found = Object.entries(byCode).filter(([, { severity }]) => severity === 'warning');
  if (found.length === 0) return undefined;
  return html`<h3>Warnings</h3>
    <p>A warning leaves its row valid. problems.csv has each with its line.</p>
    <div class="wide">
      <table class="stacked">
        <thead>
          <tr>
            <th scope="col">Code</th>
            <th scope="col" class="number">Times</th>
            <th scope="col">Columns</th>
            <th scope="col">What to do</th>
          </tr>
        </thead>
        <tbody>
          ${found.map(
            ([code, { count, byColumn }]) =>
              html`<tr>
                <th scope="row">${code}</th>
                <td class="number">
                  ${count.toLocaleString('en')}<span class="unit"
                    >${count === 1 ? ' time' : ' times'}</span
                  >
                </td>
                <td>${listText(Object.keys(byColumn))}</td>
                <td>${adviceText(code)}</td>
              </tr> `,
          )}
        </tbody>
      </table>
    </div> `;
}
