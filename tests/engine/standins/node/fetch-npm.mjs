// Debian's npm is four hundred packages. This fetches npm itself from the registry the machine is
// configured for, checks it against the digest the registry declares, and writes it to a file.
//   node fetch-npm.mjs VERSION FILE
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";

const [version, file] = process.argv.slice(2);
const registry = /^registry=(.*)$/m.exec(readFileSync("/etc/npmrc", "utf8"))?.[1];
if (!registry) throw new Error("the base image has no npm registry configured");

const get = async (url) => {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer;
};
const { dist } = await (await get(new URL(`npm/${version}`, registry))).json();
const bytes = Buffer.from(await (await get(dist.tarball)).arrayBuffer());
const digest = `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
if (digest !== dist.integrity) throw new Error(`npm ${version}: ${digest} is not ${dist.integrity}`);
writeFileSync(file, bytes);
