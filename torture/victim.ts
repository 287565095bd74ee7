// First: what is imported after it is watched.
import { beginCounting, effectsSoFar, isMoment } from "./effects";
import { join } from "node:path";
import { importSigningKey } from "../apps/agent/src/link/ed25519";
import { isScenario, perform, readDocument } from "./scenario";
import { openEngine, WEB_SERVER_PROGRAM } from "./stage";
import { openMachine } from "../prove/machine";

/**
 * An engine that is there to be killed: `victim <folder> <key seed> <scenario> <number of the effect, 0 for none> <moment>`.
 * Takes up the records of the engine before it, carries the scenario out, and says how many side effects it had.
 */
const [folder = "", seed = "", scenario = "", at = "0", moment = ""] = process.argv.slice(2);
const key = importSigningKey(seed);
if (!key.ok || !isScenario(scenario) || !isMoment(moment)) throw new Error(`not a scenario: ${process.argv.join(" ")}`);
const documents = { first: readDocument(join(folder, "first.json")), second: readDocument(join(folder, "second.json")) };
const machine = openMachine({ webServer: join(folder, WEB_SERVER_PROGRAM), launchThread: join(import.meta.dirname, "launch-thread.mjs") });
const stage = { documents, sandbox: machine.sandbox, engine: await openEngine(folder, key.value, machine.kernel) };
if (scenario !== "boot") await stage.engine.restore();
beginCounting(at === "0" ? null : { at: Number(at), moment });
await perform(scenario, stage);
process.stdout.write(`${effectsSoFar()}\n`);
// Workloads that it started outlive it, as they outlive an agent; what it holds open does not.
process.exit(0);
