import { benchApply } from "./apply";
import { printResults, writeResults } from "./result";

// Runs inside namespaces of its own (see scripts/bench.mjs): nothing here can reach the machine's network.
const results = await benchApply();
printResults(results);
console.log(`\nWritten to ${writeResults(results)}`);
