// Writes docs/iam.md from the table of what each command calls: npm run docs:iam
import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath, URL } from 'node:url';
import { format, resolveConfig } from 'prettier';

const page = fileURLToPath(new URL('iam.md', import.meta.url));

const poolArn = 'arn:aws:cognito-idp:REGION:ACCOUNT:userpool/POOL_ID';
/** The operations that AWS ties to no pool. */
const accountWide = new Set(['GetProvisionedLimit']);
/** The user's own access token opens these; IAM is not asked. */
const byToken = new Set(['GetUserAttributeVerificationCode', 'VerifyUserAttribute']);

/** What a policy has to allow: the operations of a command that IAM decides on, sorted. */
export function operationsOf(uses) {
  const names = uses.map(({ operation }) => operation).filter((name) => !byToken.has(name));
  return [...new Set(names)].sort();
}

/** A policy for these operations, as IAM takes it. */
export function policyOf(operations) {
  const statement = (Sid, names, Resource) => ({
    Sid,
    Effect: 'Allow',
    Action: names.map((name) => `cognito-idp:${name}`),
    Resource,
  });
  const ofPool = operations.filter((name) => !accountWide.has(name));
  const ofAccount = operations.filter((name) => accountWide.has(name));
  return {
    Version: '2012-10-17',
    Statement: [
      statement('Pool', ofPool, poolArn),
      ...(ofAccount.length > 0 ? [statement('Quotas', ofAccount, '*')] : []),
    ],
  };
}

/** The text of docs/iam.md. */
export async function iamPage(commandOperations) {
  const sections = Object.entries(commandOperations).map(([command, uses]) =>
    section(command, uses),
  );
  const text = [
    '<!-- Made by `npm run docs:iam` from src/api/pool/command-operations.ts: change it there. -->',
    '# Permissions',
    'The least that each command needs, as IAM policies: put your region, account and pool ID in. An operation with a condition can be left out where none of its conditions ever holds; an answer counts as lost also where the run died before it came. `test/cli/permissions.test.ts` runs every command under every condition with everything else denied, and finds a line that no run needs.',
    '`resume`, `apply`, `--dry-run` and `report` need no more than the command that they go on with, carry out, try or tell of; `report` and `validate --schema` call nothing. `--rehearse` without `--schema` needs what `pool` needs. `cognito-bulk doctor` tries the permissions and says what is missing for which command; CreateGroup, which there is no harmless way to try, and ListUserPoolClientSecrets, whose answer is secrets, it does not try.',
    '`verify` also calls GetUserAttributeVerificationCode and VerifyUserAttribute, which the access token of the user opens and not IAM.',
    ...sections,
    s3Section(),
  ].join('\n\n');
  return format(text, { ...(await resolveConfig(page)), parser: 'markdown' });
}

function section(command, uses) {
  const rows = operationsOf(uses).map((name) => {
    const conditions = uses.filter(({ operation }) => operation === name).map(({ when }) => when);
    const when = conditions.includes(undefined) ? 'always' : conditions.join('; or: ');
    return `| ${name} | ${when.replaceAll('|', '\\|')} |`;
  });
  const policy = JSON.stringify(policyOf(operationsOf(uses)), undefined, 2);
  return `## \`${command}\`\n\n| operation | when |\n|---|---|\n${rows.join('\n')}\n\n\`\`\`json\n${policy}\n\`\`\``;
}

function s3Section() {
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'File',
        Effect: 'Allow',
        Action: ['s3:GetObject'],
        Resource: 'arn:aws:s3:::BUCKET/KEY',
      },
      {
        Sid: 'MissingFile',
        Effect: 'Allow',
        Action: ['s3:ListBucket'],
        Resource: 'arn:aws:s3:::BUCKET',
      },
    ],
  };
  const text = JSON.stringify(policy, undefined, 2);
  return `## FILE as \`s3://BUCKET/KEY\`\n\nBeside that of the command. Without ListBucket a file that is not there looks like one that may not be read. A file that is encrypted with a key of your own needs kms:Decrypt on that key as well.\n\n\`\`\`json\n${text}\n\`\`\``;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { commandOperations } = await import(
    new URL('../dist/api/pool/command-operations.js', import.meta.url).href
  );
  writeFileSync(page, await iamPage(commandOperations));
}
