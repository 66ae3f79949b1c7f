#!/usr/bin/env node
import process from 'node:process';

import { runCommand } from './run-command.js';
import { lostOutput, lostOutputText } from './standard-output.js';

// The SDK's notice about this Node version is not for the user of this tool.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

// What can't be written must not end a run that writes to a pool: what of standard output is lost is
// looked at in the end, and of standard error nobody can be told.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

const exitCode = await runCommand(process.argv.slice(2));
const lost = await lostOutput();
const isLost = exitCode === 0 && lost !== undefined;
if (isLost) process.stderr.write(`cognito-bulk: ${lostOutputText(lost)}.\n`);
await new Promise((resolve) => process.stderr.write('', resolve));
// What nobody waits for any more, such as a `credential_process` that hangs, keeps nobody waiting.
process.exit(isLost ? 2 : exitCode);
