export { type CallCounts, type LocalPoolStats } from './call-counts.js';
export { type DeliveredMessage } from './delivery.js';
export { LocalPoolError } from './errors.js';
export {
  faultKinds,
  readFaultPlan,
  type FaultKind,
  type FaultPlan,
  type FaultRule,
} from './fault-plan.js';
export {
  startLocalPool,
  type LocalPool,
  type LocalPoolClient,
  type LocalPoolOptions,
  type LocalUser,
} from './local-pool.js';
export {
  defaultSettings,
  type LocalBehaviour,
  type LocalClientSettings,
  type LocalPoolSettings,
  type TriggerSettings,
} from './pool-settings.js';
export { NO_LIMITS, PUBLISHED_LIMITS } from './quotas.js';
export { type SeedUser } from './seed-users.js';
export { readLocalPoolSettings } from './read-settings.js';
