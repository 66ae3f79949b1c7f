import type { Findings } from './findings.js';
import type { Address } from './pool-facts.js';
import { quotedNames } from './quoted-names.js';
import type { RowPlan } from './row-plan.js';
import { attributeValue } from './user.js';
import type { Attribute } from './user.js';
import { checkUsername, missingUsername, usernameDiffers } from './username.js';

const ANY_ADDRESS: readonly Address[] = ['email', 'phone_number'];

/**
 * What AdminCreateUser takes as Username. In a pool with UsernameAttributes it is an address, which
 * is added to the attributes as well: that the service does so itself is documented for SignUp only.
 *
 * @param given the username cell, or the empty string.
 */
export function resolveUsername(
  given: string,
  attributes: Attribute[],
  plan: RowPlan,
  findings: Findings,
): string {
  const { facts } = plan;
  if (facts.known && facts.signInWith.length === 0) {
    return given === '' ? usernameInstead(attributes, plan, findings) : given;
  }
  const addresses = facts.known ? facts.signInWith : ANY_ADDRESS;
  if (given === '') {
    for (const address of addresses) {
      const found = attributeValue(attributes, address);
      if (found === undefined) continue;
      if (!findings.invalid) checkUsername(found, columnOf(address, plan), findings);
      return found;
    }
    reportNoUsername(facts.known ? addresses : ['username', ...addresses], plan, findings);
    return '';
  }
  if (facts.known && !findings.invalid) addAddress(given, attributes, plan, findings);
  return given;
}

/** In a pool of own usernames: what a preset takes from the attributes. */
function usernameInstead(
  attributes: readonly Attribute[],
  plan: RowPlan,
  findings: Findings,
): string {
  for (const { address, read } of plan.usernameFrom) {
    const found = attributeValue(attributes, address);
    if (found !== undefined) return findings.invalid ? '' : read(found, findings);
  }
  const names = plan.usernameFrom.map(({ address }) => address);
  reportNoUsername(
    plan.username || names.length === 0 ? ['username', ...names] : names,
    plan,
    findings,
  );
  return '';
}

function columnOf(address: Address, plan: RowPlan): string {
  return plan.attributes.find(({ name }) => name === address)?.column ?? address;
}

function reportNoUsername(names: readonly string[], plan: RowPlan, findings: Findings): void {
  const message = `The row has no ${quotedNames(names)}: fill it in.`;
  findings.add(missingUsername, plan.username?.column, message);
}

function addAddress(
  given: string,
  attributes: Attribute[],
  plan: RowPlan,
  findings: Findings,
): void {
  const address: Address = given.includes('@') ? 'email' : 'phone_number';
  const own = attributeValue(attributes, address);
  if (own === undefined) {
    attributes.push({ Name: address, Value: given });
    return;
  }
  const same = plan.facts.caseSensitive ? own === given : own.toLowerCase() === given.toLowerCase();
  if (same) return;
  findings.add(
    usernameDiffers,
    plan.username?.column,
    `"${plan.username?.column ?? 'username'}" is another address than "${address}": make them the same, or leave it empty.`,
  );
}
