import { inTime } from './deadline.js';

const HEALTHY = 'healthy';

/**
 * Ask every dependency at once and answer within a bounded time.
 *
 * @param {Record<string, () => Promise<unknown>>} checks
 * @returns {Promise<{code: number, body: object}>} 200 `ready` when every check passes, else 503 `degraded`
 */
export async function readiness(checks) {
  const results = await Promise.all(Object.entries(checks).map(async ([name, check]) => [name, await result(check)]));
  const ready = results.every(([, said]) => said === HEALTHY);
  return {
    code: ready ? 200 : 503,
    body: { status: ready ? 'ready' : 'degraded', checks: Object.fromEntries(results) },
  };
}

/**
 * @param {() => Promise<unknown>} check
 * @returns {Promise<string>} how it ended, in one line
 */
async function result(check) {
  try {
    await inTime(check());
    return HEALTHY;
  } catch (error) {
    return `unhealthy: ${reason(error)}`;
  }
}

/** The cause says more than `fetch failed`; some network errors have a code and no message. */
function reason(error) {
  const inner = error.cause ?? error;
  return (inner.message || inner.code || inner.name).split('\n')[0];
}
