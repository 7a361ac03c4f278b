// Reads one JSON text per line: { words } is a command line of the verifier, { tool } one of its proofs.
// Answers one line each: { code, said }.
import fs from "node:fs";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

await import(pathToFileURL(process.argv[2]));
const { run, tools } = globalThis.LunhengLedger;

const PROOFS = {
  inclusion({ index, size, leaf, proof, root }) {
    const found = tools.rootByPath(BigInt(index), BigInt(size), tools.fromHex(leaf), proof.map(tools.fromHex));
    return tools.toHex(found) === root ? 0 : 1;
  },
  consistency({ old, new: newer, proof, old_root, new_root }) {
    tools.checkConsistency(BigInt(old), BigInt(newer), proof.map(tools.fromHex), tools.fromHex(old_root), tools.fromHex(new_root));
    return 0;
  },
  root: ({ leaves, root }) => (tools.toHex(tools.rootOf(leaves.map(tools.fromHex))) === root ? 0 : 1),
  signature: ({ key, signature, message }) => (tools.ed25519Holds(tools.fromHex(key), tools.fromHex(signature), tools.fromHex(message)) ? 0 : 1),
  sm2: ({ key, signature, message }) => (tools.sm2Holds(tools.fromHex(key), tools.fromHex(signature), tools.fromHex(message)) ? 0 : 1),
  sm2_numbers: ({ key, signature }) => (tools.sm2Numbers(tools.fromHex(key), tools.fromHex(signature)) ? 0 : 1),
  sm2_sum: ({ s, t, x, y }) => String(tools.sm2Sum(BigInt(s), BigInt(t), BigInt(x), BigInt(y))),
  sm3: ({ message }) => tools.toHex(tools.sm3(tools.fromHex(message))),
  moment: ({ text }) => String(tools.microseconds(text) - tools.microseconds("1970-01-01T00:00:00.000000Z")),
};

async function answer(asked) {
  const said = [];
  console.log = (text) => said.push(text);
  try {
    const code = asked.words ? await run(asked.words, fs) : PROOFS[asked.tool](asked);
    return { code, said: said.join("\n") };
  } catch (problem) {
    if (!(problem instanceof tools.Problem)) throw problem;
    return { code: problem.code, said: problem.message };
  }
}
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(JSON.stringify(await answer(JSON.parse(line))) + "\n");
}
