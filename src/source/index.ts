export { isAddress } from './open-bytes.js';
export { SourceError, type SourceErrorCode } from './error.js';
export { type OpenOptions, openSource } from './open.js';
export {
  DEFAULT_LIMITS,
  type Dialect,
  type Limits,
  type Pass,
  type Position,
  type ReadOptions,
  type Row,
  type RowBatch,
  type Source,
  type Totals,
} from './source.js';
