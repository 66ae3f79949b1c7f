#!/usr/bin/env node
import process from 'node:process';

import { runCommand } from './run-command.js';

// The SDK's notice about this Node version is not for the user of this tool.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

// A reader that went away (`| head`) is not an error of ours.
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE' || process.exitCode === 2) return;
  process.stderr.write(`cognito-bulk: Standard output can't be written (${code ?? 'unknown'}).\n`);
  process.exitCode = 2;
});

const exitCode = await runCommand(process.argv.slice(2));
process.exitCode ??= exitCode;
