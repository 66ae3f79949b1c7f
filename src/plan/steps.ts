import type { Attribute } from '../record/user.js';

/** What can be done for a user, by the names that the reports use. */
export type StepName =
  | 'create'
  | 'invite'
  | 'password'
  | 'challenge'
  | 'attributes'
  | 'verified'
  | 'groups'
  | 'enable'
  | 'disable'
  | 'delete'
  | 'send-code'
  | 'confirm-code';

/** One call, or one kind of call, that an action makes. Plain data: whoever carries it out adds the user. */
export type Step =
  | CreateStep
  | { readonly name: 'invite'; readonly medium: Medium }
  | { readonly name: 'password' }
  | { readonly name: 'challenge' }
  | { readonly name: 'attributes'; readonly attributes: readonly Attribute[] }
  | {
      readonly name: 'groups';
      readonly add: readonly string[];
      /** Groups that the user is to leave. */
      readonly remove?: readonly string[];
    }
  | { readonly name: 'enable' }
  | { readonly name: 'disable' }
  | { readonly name: 'delete' };

export interface CreateStep {
  readonly name: 'create';
  readonly invite?: Medium;
  /**
   * The temporary password of the create call: none of ours, the row's own, or a random one that
   * nobody is to know, for the challenge that sets the row's.
   */
  readonly temporaryPassword: 'none' | 'own' | 'throwaway';
  /** What the create call does beside creating, in the order of the reports. */
  readonly includes: readonly StepName[];
}

/** As AdminCreateUser's DesiredDeliveryMediums names them. */
export type Medium = 'EMAIL' | 'SMS';
