import { optionsOrExit } from "../prove/options";
import { tryKills } from "./kills";
import { parseTortureOptions } from "./options";
import { tryServerKills } from "./server-kills";
import { schedulesLine, trySchedules } from "./schedules";
import { tryWriters } from "./writers";

// Runs inside namespaces of its own (see scripts/torture.mjs): nothing here can reach the machine's network.
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const options = optionsOrExit(parseTortureOptions);
const { kills: wantedKills, agentKills, schedules, serverKills, writers, rounds, seed } = options;
say(`seed ${seed}`);
const started = performance.now();
let failed = false;
const lines: string[] = [];
if (wantedKills + agentKills > 0) {
  const { kills, converged, leaks } = await tryKills(options, say);
  lines.push(`${kills} kill points, ${converged} converged, ${leaks.length} leaks`);
  failed ||= kills > converged || leaks.length > 0;
}
if (schedules > 0) {
  const end = await trySchedules({ schedules, seed, say });
  lines.push(schedulesLine(end));
  failed ||= end.notConverged + end.differingWrites > 0;
}
if (serverKills > 0) {
  const { kills, lost, doubleProbes } = await tryServerKills(serverKills);
  lines.push(`${kills} server kills, ${lost} desired states lost, ${doubleProbes} probes twice`);
  failed ||= lost + doubleProbes > 0;
}
if (rounds > 0) {
  const { wrong } = await tryWriters({ writers, rounds, say });
  lines.push(`${rounds} rounds of ${writers} writers, ${wrong} without exactly one winner`);
  failed ||= wrong > 0;
}
say(`took ${((performance.now() - started) / 1000).toFixed(0)} s`);
for (const line of lines) say(line);
process.exit(failed ? 1 : 0);
