/**
 * Configuration comes from the environment only, and what is missing is said at start-up.
 *
 * @param {...string} names
 * @returns {Record<string, string>} the values of these variables; ends the process when one is missing or empty
 */
export function required(...names) {
  const missing = names.filter((name) => !process.env[name]);
  if (missing.length > 0) {
    console.error(`cannot start: environment variable not set: ${missing.join(', ')}`);
    process.exit(1);
  }
  return Object.fromEntries(names.map((name) => [name, process.env[name]]));
}
