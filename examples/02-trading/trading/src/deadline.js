/** How long anything this service asks may take. */
export const MILLISECONDS = 2000;

/**
 * @template T
 * @param {Promise<T>} promise
 * @returns {Promise<T>} the same, or a rejection when it has not ended in time
 */
export async function inTime(promise) {
  let timer;
  const deadline = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${MILLISECONDS / 1000} s`)), MILLISECONDS);
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
