import type { UserPoolSettings } from '../../cognito/description.js';
import type { Operation } from '../../cognito/quotas.js';
import type { Expected } from '../../plan/forecast.js';
import { planCreate } from '../../plan/import-plan.js';
import type { ImportSettings } from '../../plan/import-plan.js';
import type { Planned } from '../../plan/planned.js';
import type { Step } from '../../plan/steps.js';
import type { User } from '../../record/user.js';

/** Adds up what a run would call and send, row by row. */
export class ExpectedWork {
  readonly #settings: ImportSettings;
  readonly #calls: Partial<Record<Operation, number>> = {};
  #messages = 0;
  #activeUsers = 0;

  constructor(settings: ImportSettings) {
    this.#settings = settings;
  }

  /** The row would make a user. */
  addCreate(row: number, user: User): void {
    this.#activeUsers++;
    for (const step of planCreate(row, user, this.#settings).steps) this.#addStep(step);
  }

  /** The row would meet a user; `changes` says whether it would change them. */
  addExisting(user: User, changes: boolean): void {
    this.#count('AdminCreateUser', 1);
    if (this.#settings.onExisting !== 'update') return;
    this.#count('ListUsers', 1);
    if (user.groups.length > 0) {
      this.#count('AdminListGroupsForUser', 1);
      // Whether one is missing is only known then.
      this.#count('AdminAddUserToGroup', 0);
    }
    if (!changes) return;
    this.#activeUsers++;
    this.#count('AdminUpdateUserAttributes', 1);
  }

  /** The user would be changed as a plan says; their groups and attributes are known. */
  addPlanned(planned: Planned): void {
    if (planned.do === 'nothing' || planned.do === 'create') return;
    this.#count('ListUsers', 1);
    if (planned.do !== 'update') {
      this.#addStep({ name: planned.do });
      return;
    }
    const { attributes, join, leave, enabling } = planned;
    this.#activeUsers++;
    if (attributes.length > 0) this.#addStep({ name: 'attributes', attributes: [] });
    this.#addStep({ name: 'groups', add: join, remove: leave });
    if (enabling) this.#addStep({ name: enabling });
  }

  expected(pool: UserPoolSettings): Expected {
    const sender = pool.EmailConfiguration?.EmailSendingAccount ?? 'COGNITO_DEFAULT';
    return {
      calls: this.#calls,
      messages: this.#messages,
      builtInSender: this.#settings.invite === 'EMAIL' && sender === 'COGNITO_DEFAULT',
      monthlyActiveUsers: this.#activeUsers,
    };
  }

  /** The operations that the run would call and a dry run does not; the last after a lost answer. */
  get operations(): Operation[] {
    const own = (Object.keys(this.#calls) as Operation[]).filter((name) => name !== 'ListUsers');
    return [...own, 'AdminGetUser'];
  }

  #addStep(step: Step): void {
    switch (step.name) {
      case 'create':
        this.#count('AdminCreateUser', 1);
        if (step.invite) this.#messages++;
        break;
      case 'password':
        this.#count('AdminSetUserPassword', 1);
        break;
      case 'challenge':
        this.#count('AdminInitiateAuth', 1);
        this.#count('AdminRespondToAuthChallenge', 1);
        break;
      case 'groups':
        this.#countSome('AdminAddUserToGroup', step.add.length);
        this.#countSome('AdminRemoveUserFromGroup', step.remove?.length ?? 0);
        break;
      case 'attributes':
        this.#count('AdminUpdateUserAttributes', 1);
        break;
      case 'disable':
        this.#count('AdminDisableUser', 1);
        break;
      case 'enable':
        this.#count('AdminEnableUser', 1);
        break;
      case 'delete':
        this.#count('AdminDeleteUser', 1);
        break;
      case 'invite':
        break;
    }
  }

  #countSome(operation: Operation, times: number): void {
    if (times > 0) this.#count(operation, times);
  }

  #count(operation: Operation, times: number): void {
    this.#calls[operation] = (this.#calls[operation] ?? 0) + times;
  }
}
