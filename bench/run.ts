import { benchApply } from "./apply";
import { benchBrowser } from "./browser";
import { benchCounters } from "./counters";
import { benchForwarding } from "./forwarding";
import { printResults, writeResults, type Result } from "./result";
import { benchScale } from "./scale";
import { benchVpcctl } from "./vpcctl";

const PARTS: Readonly<Record<string, () => Promise<readonly Result[]>>> = {
  apply: benchApply, scale: benchScale, forwarding: benchForwarding, counters: benchCounters, vpcctl: benchVpcctl, browser: benchBrowser,
};

// Runs inside namespaces of its own (see scripts/bench.mjs): nothing here can reach the machine's network.
const names = process.argv.slice(2);
const unknown = names.filter((name) => !(name in PARTS));
if (unknown.length > 0) {
  console.error(`no such part: ${unknown.join(", ")}; there are ${Object.keys(PARTS).join(", ")}`);
  process.exit(1);
}
const results: Result[] = [];
for (const [name, part] of Object.entries(PARTS)) if (names.length === 0 || names.includes(name)) results.push(...await part());
printResults(results);
if (names.length === 0) console.log(`\nWritten to ${writeResults(results)}`);
