import type { Rule } from './rule.js';
import { CONTRACT } from './sources.js';

/** Not safe to mend unasked: the address as it is may be somebody's. */
export const mistypedEmail: Rule = {
  code: 'mistyped-email',
  severity: 'warning',
  about: 'A domain one slip away from a well-known one (gmial.com), or one that ends in .con.',
  source: CONTRACT,
};

const WELL_KNOWN = [
  'gmail.com',
  'googlemail.com',
  'yahoo.com',
  'hotmail.com',
  'outlook.com',
  'icloud.com',
  'protonmail.com',
  'hotmail.co.uk',
  'yahoo.co.uk',
  'hotmail.fr',
  'yahoo.fr',
  'orange.fr',
  'yahoo.co.jp',
  'docomo.ne.jp',
  'hotmail.de',
  't-online.de',
  'comcast.net',
  'verizon.net',
  'yandex.ru',
];

// One slip away from a well-known domain, and in use themselves.
const IN_USE = new Set([
  'mail.com',
  'range.fr',
  'hotmail.co',
  'outlook.co',
  'yahoo.co',
  'verion.net',
]);

const MEANT: ReadonlyMap<string, string> = new Map(
  WELL_KNOWN.flatMap((domain) =>
    slipsOf(domain)
      .filter((slip) => !WELL_KNOWN.includes(slip) && !IN_USE.has(slip))
      .map((slip): [string, string] => [slip, domain]),
  ),
);

const MEANT_ENDINGS: ReadonlyMap<string, string> = new Map([
  ['con', 'com'],
  ['cmo', 'com'],
  ['ocm', 'com'],
  ['comm', 'com'],
  ['nte', 'net'],
  ['ogr', 'org'],
]);

/** A letter left out, doubled or swapped with the next, the commonest slips of fingers. */
function slipsOf(domain: string): string[] {
  const slips: string[] = [];
  for (let at = 0; at < domain.length; at++) {
    const before = domain.slice(0, at);
    const letter = domain.charAt(at);
    const next = domain.charAt(at + 1);
    slips.push(before + domain.slice(at + 1), before + letter + domain.slice(at));
    if (next !== '') slips.push(before + next + letter + domain.slice(at + 2));
  }
  return slips;
}

/** @returns the domain that was probably meant, or undefined. */
export function meantDomain(domain: string): string | undefined {
  const lower = domain.toLowerCase();
  const meant = MEANT.get(lower);
  if (meant !== undefined) return meant;
  if (lower.endsWith('.com') || lower.endsWith('.net')) return undefined;
  const dot = lower.lastIndexOf('.');
  const ending = MEANT_ENDINGS.get(lower.slice(dot + 1));
  if (ending === undefined) return undefined;
  return lower.slice(0, dot + 1) + ending;
}
