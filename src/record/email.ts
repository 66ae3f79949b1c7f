import type { CellReader, Findings } from './findings.js';
import { meantDomain, mistypedEmail } from './mistyped-email.js';
import type { Rule } from './rule.js';
import { ATTRIBUTES, RFC_5321, SES_DESTINATION } from './sources.js';

export const invalidEmail: Rule = {
  code: 'invalid-email',
  severity: 'error',
  about:
    'Not one bare email address: one @, no display name, RFC 5321 lengths, a domain with a dot.',
  source: `${ATTRIBUTES}; ${RFC_5321}`,
  safe: true,
};

export const emailNotAscii: Rule = {
  code: 'email-not-ascii',
  severity: 'warning',
  about: 'An address with letters outside ASCII, to which Amazon SES delivers nothing.',
  source: SES_DESTINATION,
};

interface EmailFault {
  /** What is wrong and what to do, to stand after the column's name. */
  readonly fault: string;
  readonly proposal?: string;
}

const MOST_LOCAL = 64;
const MOST_DOMAIN = 255;
// A path has 256 octets with its angle brackets.
const MOST = 254;

// What nearly every address looks like; so short that no part of it can be too long.
const COMMON = /^[\w+-]+(?:\.[\w+-]+)*@(?:[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*\.)+[A-Za-z]{2,}$/;
const MOST_COMMON = 64;
const ATOM = /^[\w!#$%&'*+/=?^`{|}~.\u0080-\u{10ffff}-]+$/u;
const QUOTED = /^"(?:[^"\\\p{Cc}]|\\\P{Cc})*"$/u;
const LABEL = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
const NOT_ASCII = /[\u0080-\uffff]/;
const NAMED = /<([^<>\s]+@[^<>\s]+)>$/;

/** @returns undefined where the value is an address that can be sent to the service. */
export function emailFault(value: string): EmailFault | undefined {
  const at = value.lastIndexOf('@');
  if (at < 0) return { fault: 'has no @: write one address, such as name@example.com.' };
  if (value.length <= MOST_COMMON && COMMON.test(value)) return undefined;
  const named = NAMED.exec(value)?.[1] ?? (/^mailto:/i.test(value) ? value.slice(7) : undefined);
  if (named !== undefined) {
    const fault = 'has more than the bare address: leave out the name and the brackets.';
    return emailFault(named) === undefined ? { fault, proposal: named } : { fault };
  }
  const local = value.slice(0, at);
  const domain = value.slice(at + 1);
  const fault = localFault(local) ?? domainFault(domain);
  if (fault !== undefined) return { fault };
  if (value.length > MOST || lengthInBytes(local) + asciiDomain(domain).length + 1 > MOST) {
    return { fault: `has more than ${MOST} characters: correct it.` };
  }
  return undefined;
}

function localFault(local: string): string | undefined {
  if (local === '') return 'has nothing before the @: write one address, such as name@example.com.';
  if (QUOTED.test(local)) return undefined;
  if (local.includes('@')) return 'has more than one @: write one address.';
  if (/\s/.test(local)) return 'has space in the address: remove it.';
  if (!ATOM.test(local)) return 'has a character before the @ that no address has: correct it.';
  if (local.startsWith('.') || local.endsWith('.') || local.includes('..')) {
    return 'has a dot too many before the @: correct it.';
  }
  if (lengthInBytes(local) > MOST_LOCAL) {
    return `has more than ${MOST_LOCAL} characters before the @: correct it.`;
  }
  return undefined;
}

function domainFault(domain: string): string | undefined {
  if (/\s/.test(domain)) return 'has space in the address: remove it.';
  const labels = asciiDomain(domain).split('.');
  if (labels.length < 2 || labels.includes('')) {
    return 'needs a domain with a dot after the @, such as example.com: correct it.';
  }
  // RFC 3696, section 2: the last label is never all digits.
  if (!labels.every((label) => LABEL.test(label)) || /^[0-9]+$/.test(labels.at(-1) ?? '')) {
    return 'has a domain after the @ that cannot be one: correct it.';
  }
  if (labels.join('.').length > MOST_DOMAIN) {
    return `has more than ${MOST_DOMAIN} characters after the @: correct it.`;
  }
  return undefined;
}

/** The domain as DNS knows it (Punycode), or as it is where it has no such form. */
function asciiDomain(domain: string): string {
  if (!NOT_ASCII.test(domain)) return domain;
  // A URL would cut off all that follows one of these.
  if (/[/?#:@\\]/.test(domain)) return domain;
  const url = `http://${domain}`;
  return URL.canParse(url) ? new URL(url).hostname : domain;
}

function lengthInBytes(text: string): number {
  return NOT_ASCII.test(text) ? new TextEncoder().encode(text).length : text.length;
}

/** Warns of an address that is valid but will hardly arrive. */
export function checkDelivery(value: string, column: string, findings: Findings): void {
  const at = value.lastIndexOf('@');
  const meant = meantDomain(value.slice(at + 1));
  if (meant !== undefined) {
    findings.add(
      mistypedEmail,
      column,
      `"${column}" looks mistyped after the @: check it.`,
      value.slice(0, at + 1) + meant,
    );
  }
  if (NOT_ASCII.test(value)) {
    findings.add(
      emailNotAscii,
      column,
      `"${column}" has letters outside ASCII, and Amazon SES sends nothing there: ask for another address, or write the domain in Punycode.`,
    );
  }
}

export function emailReader(column: string): CellReader {
  return (value, findings) => {
    const found = emailFault(value);
    if (found === undefined) checkDelivery(value, column, findings);
    else findings.add(invalidEmail, column, `"${column}" ${found.fault}`, found.proposal);
    return value;
  };
}
