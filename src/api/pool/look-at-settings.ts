import type { UserPoolSettings } from '../../cognito/description.js';
import { dailyEmails } from '../../plan/forecast.js';
import { fine, missing, warning } from './finding.js';
import type { Finding } from './finding.js';

/** What the pool is, and what runs along with an import. */
export function poolFindings(settings: UserPoolSettings): Finding[] {
  const signIn = settings.UsernameAttributes ?? [];
  const how = signIn.length > 0 ? `people sign in by ${signIn.join(' or ')}` : 'with usernames';
  const count = (settings.EstimatedNumberOfUsers ?? 0).toLocaleString('en');
  const found = [fine('pool', `${settings.Name ?? settings.Id}: ${how}, about ${count} users`)];
  const triggers = Object.entries(settings.LambdaConfig ?? {}).filter(([, value]) =>
    Boolean(value),
  );
  if (triggers.length > 0) {
    const names = triggers.map(([name]) => name).join(', ');
    found.push(warning('pool', `Its triggers run during an import: ${names}.`));
  }
  return found;
}

/** Who sends the pool's messages, and what keeps them from being sent. */
export function messageFindings(settings: UserPoolSettings): Finding[] {
  const found: Finding[] = [];
  const sender = settings.EmailConfiguration?.EmailSendingAccount ?? 'COGNITO_DEFAULT';
  found.push(
    sender === 'DEVELOPER'
      ? fine('messages', 'Emails go out by Amazon SES')
      : warning(
          'messages',
          `Emails go out by Cognito's own sender, which stops after ${dailyEmails} a day: set Amazon SES as the pool's sender before you invite more.`,
        ),
  );
  const { EmailConfigurationFailure: email, SmsConfigurationFailure: sms } = settings;
  if (email !== undefined) {
    const text = `Emails can't be sent (${email}): correct the email settings of the pool, or go without --invite email and verify.`;
    found.push(missing('messages', text));
  }
  if (sms !== undefined) {
    const text = `SMS can't be sent (${sms}): ${mendingOf(sms)}, or go without --invite sms and --attribute phone_number.`;
    found.push(missing('messages', text));
  }
  return found;
}

function mendingOf(failure: string): string {
  return failure === 'SNSSandbox'
    ? 'the account is in the sandbox of Amazon SNS, which reaches verified numbers alone: ask AWS to take it out'
    : 'give the pool, in its SMS settings, an IAM role that it may assume and that allows sns:Publish';
}
