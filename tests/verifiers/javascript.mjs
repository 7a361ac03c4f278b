// Reads one JSON text per line ({"text": …}), answers one line each with what the JavaScript verifier found.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

await import(pathToFileURL(process.argv[2]));
for await (const line of createInterface({ input: process.stdin })) {
  const { kind, problems } = globalThis.LunhengVerify.examineText(JSON.parse(line).text);
  process.stdout.write(JSON.stringify({ kind, problems }) + "\n");
}
