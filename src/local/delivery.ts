import { ServiceError } from './errors.js';
import type { PreparedSettings } from './pool-settings.js';
import type { StoredUser } from './user-store.js';

/** An invitation or a code that a live pool would have sent. */
export interface DeliveredMessage {
  readonly kind: 'invitation' | 'verification-code' | 'reset-code';
  readonly medium: 'EMAIL' | 'SMS';
  readonly destination: string;
  readonly username: string;
  readonly sub: string;
  /** The attribute that a verification code is for. */
  readonly attribute?: string;
  /** The code, or the invitation's temporary password. */
  readonly code: string;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
}

const KEPT = 1000;
const DAY_MS = 86_400_000;
const RESET_HOUR_MS = 9 * 3_600_000;

/** Sends nothing: keeps the last thousand messages where a test or a person can read them. */
export class Delivery {
  readonly #settings: PreparedSettings;
  readonly #onMessage: ((message: DeliveredMessage) => void) | undefined;
  readonly #messages: DeliveredMessage[] = [];
  #day = 0;
  #emailsToday = 0;

  constructor(
    settings: PreparedSettings,
    onMessage: ((message: DeliveredMessage) => void) | undefined,
  ) {
    this.#settings = settings;
    this.#onMessage = onMessage;
  }

  /** The last messages, oldest first, at most a thousand. */
  get messages(): readonly DeliveredMessage[] {
    return this.#messages.slice(-KEPT);
  }

  /**
   * @throws LimitExceededException when the day's e-mails are used up; CodeDeliveryFailureException
   *   where the destination can't be reached; the user stays as it is in both cases.
   */
  send(user: StoredUser, message: Omit<DeliveredMessage, 'username' | 'sub'>): void {
    if (message.medium === 'EMAIL') this.#countEmail(message.sentAt);
    if (message.medium === 'SMS') this.#checkSms();
    if (this.#settings.undeliverable?.test(message.destination) === true) throw undelivered();
    const delivered = { ...message, username: user.username, sub: user.sub };
    this.#messages.push(delivered);
    if (this.#messages.length >= 2 * KEPT) this.#messages.splice(0, KEPT);
    this.#onMessage?.(delivered);
  }

  /** [QUOTAS] 50 e-mails a day, back at 09:00 UTC. */
  #countEmail(now: number): void {
    if (this.#settings.pool.EmailConfigurationFailure !== undefined) throw undelivered();
    const day = Math.floor((now - RESET_HOUR_MS) / DAY_MS);
    if (day !== this.#day) {
      this.#day = day;
      this.#emailsToday = 0;
    }
    if (this.#emailsToday >= this.#settings.dailyEmailLimit) throw dailyLimit();
    this.#emailsToday += 1;
  }

  /** [MODEL] SmsConfigurationFailure says why text messages can't be sent. */
  #checkSms(): void {
    const failure = this.#settings.pool.SmsConfigurationFailure;
    if (failure === undefined || failure === '') return;
    if (failure.endsWith('Exception')) {
      throw new ServiceError(failure, 'The role for sending text messages can not be used.');
    }
    throw undelivered();
  }
}

/** The words seen from AdminCreateUser (rahulpsd18/cognito-backup-restore#46). */
export function dailyLimit(): ServiceError {
  return new ServiceError(
    'LimitExceededException',
    'Exceeded daily email limit for the operation or the account. If a higher limit is required, ' +
      'please configure your user pool to use your own Amazon SES configuration for sending email.',
  );
}

export function undelivered(): ServiceError {
  return new ServiceError('CodeDeliveryFailureException', 'Unable to deliver message to the user.');
}

/** How the service shows where a code went: a***@e***. */
export function masked(medium: 'EMAIL' | 'SMS', destination: string): string {
  if (medium === 'SMS') {
    return `+${'*'.repeat(Math.max(0, destination.length - 5))}${destination.slice(-4)}`;
  }
  const at = destination.lastIndexOf('@');
  return `${destination.slice(0, 1)}***@${destination.slice(at + 1, at + 2)}***`;
}
