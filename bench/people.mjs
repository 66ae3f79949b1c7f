// The people that the other scripts import: five attributes each, about 130 bytes a row.
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

/** What everybody gets where there are three steps. */
export const password = 'Passw0rd!';
export const group = 'staff';

/** What is sent for person `number`; `run` tells the people of one run from those of another. */
export function person(number, run = 'a') {
  return {
    username: `user.${run}.${number}`,
    attributes: [
      { Name: 'email', Value: `user.${run}.${number}@example.com` },
      { Name: 'phone_number', Value: `+4930${String(number).padStart(8, '0')}` },
      { Name: 'given_name', Value: `Given ${number}` },
      { Name: 'family_name', Value: `Family ${number}` },
      { Name: 'custom:department', Value: 'Sales' },
    ],
  };
}

/** Writes a CSV with `rows` people; `more` are further columns, the same in each row. */
export async function writePeople(path, rows, run = 'a', more = {}) {
  const { attributes } = person(0, run);
  const columns = ['username', ...attributes.map(({ Name }) => Name), ...Object.keys(more)];
  const same = Object.values(more);
  const file = createWriteStream(path);
  let text = `${columns.join(',')}\n`;
  for (let number = 0; number < rows; number++) {
    const { username, attributes } = person(number, run);
    text += `${[username, ...attributes.map(({ Value }) => Value), ...same].join(',')}\n`;
    if (text.length < 1 << 20) continue;
    if (!file.write(text)) await once(file, 'drain');
    text = '';
  }
  file.end(text);
  await once(file, 'finish');
}
