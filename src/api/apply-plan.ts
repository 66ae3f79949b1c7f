import { openSource } from '../source/index.js';
import { importUsers } from './import-users.js';
import type { FinishedRun } from './import-run.js';
import type { RunListener } from './listener.js';
import type {
  CallOptions,
  ClientOptions,
  ImportOptions,
  PoolOptions,
  RunOptions,
} from './options.js';
import { descriptionHash, readPlan } from './plan-file.js';
import { readDescription } from './pool-view.js';
import { Refusal } from './refusal.js';
import { firstCalls, openPool, withSession } from './session.js';

export interface ApplyOptions extends CallOptions, RunOptions, ClientOptions {
  /** The file that a dry run saved. */
  readonly plan: string;
  /** What of the pool's address is to differ from the plan: region, profile, endpoint or credentials. */
  readonly pool?: Partial<PoolOptions>;
}

/**
 * Carries out a plan that a dry run saved. Throws a `Refusal` when the file or the pool's description
 * changed since; otherwise as `importUsers`.
 */
export async function applyPlan(
  options: ApplyOptions,
  listener: RunListener = {},
): Promise<FinishedRun> {
  const plan = await readPlan(options.plan);
  const { userPoolId = plan.pool.id } = options.pool ?? {};
  if (userPoolId !== plan.pool.id) {
    throw new Refusal(
      `The plan is for pool ${plan.pool.id}: make one for ${userPoolId} with --dry-run.`,
    );
  }
  const { file, rows, pool } = plan.options;
  const clientId = options.clientId ?? plan.options.clientId;
  const address = { region: plan.pool.region, ...pool, ...options.pool, userPoolId };

  await withSession(options, listener, async (session) => {
    const source = await openSource(plan.file.path, file);
    session.releases.add(() => source.close());
    if ((await source.digest()) !== plan.file.sha256) {
      throw new Refusal(`${plan.file.path} was changed since the plan was made: make a new plan.`);
    }
    const opened = await openPool(address, session);
    const description = await readDescription(opened, firstCalls(session), plan.pool.withGroups);
    if (descriptionHash(description) !== plan.pool.sha256) {
      throw new Refusal(
        `Pool ${plan.pool.id} was changed since the plan was made (its settings or groups): make a new plan.`,
      );
    }
  });

  const importOptions: ImportOptions = {
    ...options,
    ...file,
    ...rows,
    file: plan.file.path,
    fileSha256: plan.file.sha256,
    pool: address,
    ...(clientId !== undefined && { clientId }),
  };
  return importUsers(importOptions, listener);
}
